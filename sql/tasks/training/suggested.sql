-- one row per person and course that the person's own misses of the last days suggest
with
counted as (
    select
        branch_id,
        staff_id,
        kind,
        course,
        cast(count(*) as integer) as miss_count
    from tasks_training.miss
    where staff_id is not null
    group by branch_id, staff_id, kind, course
),

suggested as (
    select
        counted.branch_id,
        counted.staff_id,
        staff.name as staff_name,
        counted.course,
        counted.kind,
        counted.miss_count,
        need.least_count
    from counted
    inner join policy.training_need as need on counted.kind = need.kind
    left join source.staff as staff on counted.staff_id = staff.staff_id
    where counted.miss_count >= need.least_count
)

select * from suggested
