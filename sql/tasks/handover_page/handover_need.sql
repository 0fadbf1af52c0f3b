-- one row per person, client taken over and need of it that is open
with
taken as (
    select distinct
        person_id,
        client_id
    from tasks_handover_page.handover_client
),

open_need as (
    select
        taken.person_id,
        need.client_id,
        need.need_id,
        need.kind as need_kind,
        need.amount as need_amt,
        need.raised_on,
        need.by_when as wanted_on
    from staging.need as need
    inner join taken on need.client_id = taken.client_id
    where need.is_open
)

select * from open_need
