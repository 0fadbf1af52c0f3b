-- one row per contact of the last months that was missed, or done late: when it was due, and when it was done
with
late as (
    select
        branch_id,
        client_id,
        kind,
        event,
        due_on,
        done_on,
        state,
        owner_id as staff_id
    from tasks.contact_plan
    where state in ('missed', 'done_late')
)

select * from late
