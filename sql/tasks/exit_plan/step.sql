-- one row per client with a plan and step of it: the task that asks for it, and whether it is done
{% import 'macros/candidate.sql' as candidate %}
with
plan as (
    select
        client_id,
        stage,
        state,
        drafted_on
    from warnings.exit_plan
),

-- a step that is asked in another's place is of its kind, and the same task: what was answered of the one is answered
rule as (
    select
        exit_step.strategy,
        exit_step.step,
        exit_step.action,
        called_step.instead,
        exit_step.is_visit
    from policy.exit_step as exit_step
    left join policy.called_step as called_step on exit_step.action = called_step.action
),

asked as (
    select
        step.*,
        plan.stage,
        plan.state,
        plan.drafted_on,
        rule.is_visit,
        rule.action as subject,
        {{ candidate.key('step.client_id', "'exit_step'", 'rule.action', 'plan.drafted_on') }} as task_key
    from warnings.exit_step as step
    inner join plan on step.client_id = plan.client_id
    inner join rule
        on
            step.step = rule.step
            and step.action in (rule.action, rule.instead)
            and rule.strategy in ('any', step.strategy)
),

-- a meeting is done when the client was met, risk's decision when the plan is approved, any step when it is answered
-- so: what was handed over, or called a false alarm, is answered and not done
found as (
    select
        asked.branch_id,
        asked.client_id,
        asked.stage,
        asked.drafted_on,
        asked.step,
        asked.owner_role,
        asked.due_on,
        asked.action,
        asked.action_zh,
        asked.action_en,
        asked.subject,
        asked.task_key,
        asked.is_visit,
        coalesce(met.met_on >= asked.drafted_on, false) as is_met,
        asked.owner_role = 'risk' and asked.state = 'approved' as is_decided,
        coalesce(feedback.status <> 'acknowledged', false) as is_answered,
        coalesce(feedback.status = 'done', false) as is_answered_done
    from asked
    left join tasks_visit.met as met on asked.client_id = met.client_id
    left join staging.task_feedback as feedback on asked.task_key = feedback.task_key
),

step as (
    select
        found.*,
        found.is_answered_done or found.is_decided or (found.is_visit and found.is_met) as is_done
    from found
)

select * from step
