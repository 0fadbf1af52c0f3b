-- one row per task of a warning, or of a signal for risk alone, and step that its band asks for: of whom, and by when
with
task as (
    select
        branch_id,
        client_id,
        task_key,
        indicator,
        loan_id,
        project_id,
        owner_id,
        status
    from tasks.task
    where kind in ('warning', 'risk_signal')
),

night as (
    select
        max(case when day = $business_date then workday_index end) as workday_index,
        max(case when day = $morning then workday_index end) as morning_index
    from night.calendar
    where day in ($business_date, $morning)
),

-- a step's days are counted from the night that first asked for it, as itself or in another's place, the day of its
-- list being the first: a graver band asks anew
asked as (
    select
        $business_date as business_date,
        night.morning_index,
        task.branch_id,
        task.client_id,
        task.task_key,
        task.indicator,
        task.loan_id,
        task.project_id,
        task.status,
        step.band,
        step.step,
        step.owner_role,
        case when step.owner_role = 'rm' then task.owner_id end as owner_id,
        coalesce(standing.due_on, workday.day) as due_on,
        step.action,
        step.action_zh,
        step.action_en,
        step.evidence,
        step.evidence_zh,
        step.evidence_en
    from task
    cross join night
    inner join tasks_playbook.step as step on task.client_id = step.client_id and task.indicator = step.indicator
    left join night.calendar as workday
        on workday.is_workday and workday.workday_index = night.workday_index + step.due_workdays
    left join previous.playbook_task as standing
        on
            task.task_key = standing.task_key
            and step.band = standing.band
            and step.step = standing.step
            and standing.action in (step.action, step.counterpart)
),

listed as (
    select
        asked.business_date,
        asked.branch_id,
        asked.client_id,
        asked.task_key,
        asked.indicator,
        asked.loan_id,
        asked.project_id,
        asked.status,
        asked.band,
        asked.step,
        asked.owner_role,
        asked.owner_id,
        asked.due_on,
        coalesce(asked.morning_index - due_day.workday_index, date_diff('day', asked.due_on, $morning)) as late_days,
        asked.action,
        asked.action_zh,
        asked.action_en,
        asked.evidence,
        asked.evidence_zh,
        asked.evidence_en
    from asked
    left join night.calendar as due_day on asked.due_on = due_day.day
)

select * from listed
