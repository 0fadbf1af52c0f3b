-- one row per person, client taken over and task that is open
with
taken as (
    select distinct
        person_id,
        client_id
    from tasks_handover_page.handover_client
),

open_task as (
    select
        taken.person_id,
        task.client_id,
        task.kind,
        task.indicator,
        task.due_on,
        case when task.late_days > 0 then task.late_days end as late_days,
        task.task_key
    from tasks.task as task
    inner join taken on task.client_id = taken.client_id
    where task.status in ('open', 'acknowledged') and task.audience is distinct from 'risk_only'
)

select * from open_task
