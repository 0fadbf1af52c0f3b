-- one row per contact of the last months that was missed, or was done, in time or late: when it was due, and when done
with
closed as (
    select
        branch_id,
        client_id,
        kind,
        event,
        due_on,
        done_on,
        state,
        owner_id as staff_id,
        case state when 'missed' then 0 when 'done_late' then 1 else 2 end as place
    from tasks.contact_plan
    where state in ('missed', 'done_late', 'done')
)

select * from closed
