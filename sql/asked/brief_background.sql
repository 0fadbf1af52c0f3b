-- one row per active client: with whom it was spoken last, and what the last promise came to
with
background as (
    select
        client_id,
        last_on,
        last_channel,
        last_outcome,
        promise_state,
        promise_due_on,
        needs
    from tasks_contact.background
)

select * from background
