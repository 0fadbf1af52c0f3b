-- one row per client with a plan of contingency and exit and step of it that is the branch's: the first that is open,
-- and those that were answered, so that the answer shows
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
step as (
    select
        step.*,
        row_number() over (partition by client_id, is_answered or is_done order by step asc, action asc) as place
    from tasks_exit_plan.step as step
    where owner_role in ('rm', 'branch_head')
),

listed as (
    select
        step.client_id,
        'exit_step' as kind,
        step.subject,
        step.drafted_on as started_on,
        step.due_on,
        step.owner_role,
        {{ candidate.lacking('due_on', 'owner_role', 'figures') }},
        task_text.reason_zh,
        task_text.reason_en,
        step.action_zh || task_text.next_step_zh as next_step_zh,
        step.action_en || task_text.next_step_en as next_step_en,
        {{ words.figures({
            'stage': 'step.stage',
            'since': 'step.drafted_on',
            'step': 'step.step',
        }) }} as figures
    from step
    inner join policy.task_text as task_text on task_text.text = 'exit_step'
    where step.is_answered or (not step.is_done and step.place = 1)
)

select * from listed
