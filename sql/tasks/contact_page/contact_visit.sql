-- one row per proposed visit, kind of thing that it serves and loan: how many there are, what they rest on, and by when
-- the first is due; what falls due for one client within days is one visit
with
visit as (
    select
        visit_id,
        client_id,
        branch_id,
        owner_id,
        deputy_id,
        visit_on
    from tasks.visit_proposal
    where state = 'planned'
),

-- a check says why it is due
based as (
    select distinct
        item.visit_id,
        item.kind,
        item.loan_id,
        due.basis
    from tasks.visit_item as item
    inner join care.post_loan_check as due
        on item.kind = due.kind and item.loan_id = due.loan_id and item.subject = coalesce(due.subject, '')
    where item.kind in ('first_check', 'site_check', 'key_check') and due.basis is not null
),

why as (
    select
        visit_id,
        kind,
        loan_id,
        string_agg(basis, ';' order by basis) as bases
    from based
    group by visit_id, kind, loan_id
),

counted as (
    select
        visit_id,
        kind,
        loan_id,
        cast(count(*) as integer) as item_count,
        min(due_on) as due_on
    from tasks.visit_item
    group by visit_id, kind, loan_id
),

served as (
    select
        visit.branch_id,
        visit.client_id,
        visit.owner_id as staff_id,
        visit.deputy_id,
        visit.visit_on,
        counted.kind as visit_kind,
        nullif(counted.loan_id, '') as loan_id,
        counted.item_count,
        why.bases,
        counted.due_on
    from visit
    inner join counted on visit.visit_id = counted.visit_id
    left join why
        on counted.visit_id = why.visit_id and counted.kind = why.kind and counted.loan_id = why.loan_id
)

select * from served
