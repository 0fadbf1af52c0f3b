-- one row per member of staff at work on the morning
with
staff as (
    select * from source.staff
),

at_work as (
    select
        staff_id,
        branch_id,
        role,
        max_tasks_per_day
    from staff
    where
        (active_from is null or active_from <= $morning)
        and (active_to is null or active_to >= $morning)
)

select * from at_work
