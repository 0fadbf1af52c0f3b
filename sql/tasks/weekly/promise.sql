-- one row per promise that was kept in the last seven days, or was due by now and is not
with
promise as (
    select
        standing.branch_id,
        standing.staff_id,
        staff.name as staff_name,
        standing.client_id,
        standing.state,
        standing.due_on,
        standing.kept_on
    from tasks.promise_state as standing
    left join source.staff as staff on standing.staff_id = staff.staff_id
    where
        standing.state = 'late'
        or (standing.state in ('kept', 'kept_late') and standing.kept_on >= $business_date - 6)
)

select * from promise
