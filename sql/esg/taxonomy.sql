-- one row per project and green catalogue's version and code that its loans are booked under: what is owed under it
with
loan as (
    select
        loan_state.project_id,
        loan_state.client_id,
        source_loan.taxonomy_version,
        source_loan.taxonomy_code,
        loan_state.outstanding_amt
    from features.loan_state as loan_state
    inner join source.loan as source_loan on loan_state.loan_id = source_loan.loan_id
    where loan_state.project_id is not null and loan_state.status <> 'closed'
),

summed as (
    select
        $business_date as business_date,
        project.project_id,
        project.client_id,
        project.branch_id,
        loan.taxonomy_version,
        loan.taxonomy_code,
        count(*) as loan_count,
        case when count(loan.outstanding_amt) = count(*) then sum(loan.outstanding_amt) end as outstanding_amt
    from loan
    inner join features.project_state as project on loan.project_id = project.project_id
    group by
        project.project_id, project.client_id, project.branch_id, loan.taxonomy_version, loan.taxonomy_code
)

select * from summed
