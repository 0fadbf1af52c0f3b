-- one row per task that is late on the morning, with whose it is
with
late as (
    select
        task.branch_id,
        task.owner_id as staff_id,
        staff.name as staff_name,
        task.client_id,
        task.kind,
        task.due_on,
        task.late_days,
        task.colour
    from tasks.task as task
    left join source.staff as staff on task.owner_id = staff.staff_id
    where task.late_days > 0 and task.status in ('open', 'acknowledged')
)

select * from late
