-- one row per promise that is open, late or broken, and per one that was kept in the last months
with
setting as (
    select cast(max(case when setting = 'promise_told_days' then value end) as integer) as told_days
    from policy.task_setting
),

told as (
    select
        promise.branch_id,
        promise.client_id,
        promise.promise_id,
        promise.staff_id,
        promise.made_on,
        promise.due_on,
        promise.kept_on,
        promise.state,
        case when promise.late_days > 0 then promise.late_days end as late_days
    from tasks.promise_state as promise
    cross join setting
    where
        promise.state not in ('kept', 'kept_late')
        or date_diff('day', promise.kept_on, $business_date) <= setting.told_days
)

select * from told
