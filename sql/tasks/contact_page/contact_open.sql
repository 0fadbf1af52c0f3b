-- one row per contact that is open tonight: by when, of what kind, for which event, and whose
with
running as (
    select
        branch_id,
        client_id,
        kind,
        event,
        due_on,
        owner_id as staff_id,
        deputy_id,
        case when late_days > 0 then late_days end as late_days
    from tasks.contact_plan
    where state = 'open'
)

select * from running
