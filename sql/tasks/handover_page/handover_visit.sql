-- one row per person, client taken over and visit that is planned
with
taken as (
    select distinct
        person_id,
        client_id
    from tasks_handover_page.handover_client
),

planned as (
    select
        taken.person_id,
        visit.client_id,
        visit.visit_id,
        visit.visit_on,
        visit.item_count
    from tasks.visit_proposal as visit
    inner join taken on visit.client_id = taken.client_id
    where visit.state = 'planned'
)

select * from planned
