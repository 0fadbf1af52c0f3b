-- one row per proposed visit and thing that it serves: what falls due for one client within days is one visit
with
visit as (
    select
        visit_id,
        client_id,
        branch_id,
        owner_id,
        deputy_id,
        visit_on,
        item_count
    from tasks.visit_proposal
    where state = 'planned'
),

served as (
    select
        visit.branch_id,
        visit.client_id,
        visit.owner_id as staff_id,
        visit.deputy_id,
        visit.visit_on,
        visit.item_count,
        item.kind as visit_kind,
        item.loan_id,
        item.due_on
    from visit
    inner join tasks.visit_item as item on visit.visit_id = item.visit_id
)

select * from served
