-- one row per task of a warning and step that its band asks for: of whom, and by when
with
task as (
    select
        branch_id,
        client_id,
        task_key,
        indicator
    from tasks.task
    where kind = 'warning'
),

night as (
    select workday_index
    from night.calendar
    where day = $business_date
),

-- a step's days are counted from the night that first asked for it: a graver band asks anew
listed as (
    select
        $business_date as business_date,
        task.branch_id,
        task.client_id,
        task.task_key,
        task.indicator,
        step.band,
        step.step,
        step.owner_role,
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
            and step.action = standing.action
)

select * from listed
