-- one row per proposed visit and thing that it serves: none that is due before it, but what is overdue anyway
with
visit as (
    select
        visit_id,
        client_id,
        branch_id,
        visit_on
    from tasks.visit_proposal
    where state = 'planned'
),

joined as (
    select
        client_id,
        join_until
    from tasks_visit.joined
),

item as (
    select
        $business_date as business_date,
        visit.branch_id,
        visit.visit_id,
        visit.client_id,
        due.kind,
        coalesce(due.subject, '') as subject,
        coalesce(due.loan_id, '') as loan_id,
        due.due_on
    from visit
    inner join joined on visit.client_id = joined.client_id
    inner join tasks_visit.due as due
        on
            visit.client_id = due.client_id
            and joined.join_until >= due.due_on
            and (due.due_on < $morning or visit.visit_on <= due.due_on)
)

select * from item
