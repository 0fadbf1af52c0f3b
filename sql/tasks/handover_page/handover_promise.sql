-- one row per person, client taken over and promise to it that nobody has kept yet
with
taken as (
    select distinct
        person_id,
        client_id
    from tasks_handover_page.handover_client
),

open_promise as (
    select
        taken.person_id,
        promise.client_id,
        promise.promise_id,
        promise.staff_id,
        promise.made_on,
        promise.due_on,
        promise.state
    from tasks.promise_state as promise
    inner join taken on promise.client_id = taken.client_id
    where promise.state not in ('kept', 'kept_late')
)

select * from open_promise
