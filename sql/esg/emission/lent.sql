-- one row per project, or company's loan without one, and year that it owed something at the end of: the amount, or
-- null where it is not known, and what its emissions are divided by
with
owed as (
    select * from features.loan_year_end
),

reporting_client as (
    select distinct client_id from esg_emission.accounts
),

project_lent as (
    select
        project_id,
        year,
        case when count(outstanding_amt) = count(*) then sum(outstanding_amt) end as outstanding_amt
    from owed
    where project_id is not null
    group by project_id, year
),

of_project as (
    select
        'project_finance' as pcaf_class,
        'project' as holder_kind,
        project.project_id as holder_id,
        project.project_id,
        cast(null as varchar) as loan_id,
        project.client_id,
        project.branch_id,
        project_lent.year,
        project_lent.outstanding_amt,
        base.denominator_amt,
        base.basis,
        base.basis_on,
        base.has_other_year
    from project_lent
    inner join features.project_state as project on project_lent.project_id = project.project_id
    left join esg_emission.project_base as base
        on project_lent.project_id = base.project_id and project_lent.year = base.year
),

of_company as (
    select
        'business_loan' as pcaf_class,
        'client' as holder_kind,
        owed.client_id as holder_id,
        cast(null as varchar) as project_id,
        owed.loan_id,
        owed.client_id,
        client.branch_id,
        owed.year,
        cast(owed.outstanding_amt as decimal(38, 2)) as outstanding_amt,
        accounts.denominator_amt,
        accounts.basis,
        accounts.basis_on,
        accounts.client_id is null and reporting_client.client_id is not null as has_other_year
    from owed
    inner join staging.client as client on owed.client_id = client.client_id
    left join esg_emission.accounts as accounts
        on owed.client_id = accounts.client_id and owed.year = accounts.year and accounts.denominator_amt is not null
    left join reporting_client on owed.client_id = reporting_client.client_id
    where owed.project_id is null
),

owing as (
    select * from of_project
    union all
    select * from of_company
)

select * from owing
where outstanding_amt > 0 or outstanding_amt is null
