-- one row per project and year of its loans: what its emissions are divided by, on which basis and of which day
with
project as (
    select
        project_id,
        client_id,
        stage,
        approved_on,
        budget_amt,
        equity_commit_amt,
        debt_commit_amt,
        cod_contract,
        cod_forecast,
        count(*) over (partition by client_id) as projects
    from features.project_state
),

lent as (
    select
        project_id,
        year,
        max(ended_on) as ended_on
    from features.loan_year_end
    where project_id is not null
    group by project_id, year
),

client as (
    select
        client_id,
        client_kind
    from staging.client
),

reporting_client as (
    select distinct client_id from esg_emission.accounts
),

progress as (
    select
        project_id,
        as_of_date,
        year(as_of_date) as year,
        greatest(equity_paid_amt, 0) + total_debt_amt as denominator_amt,
        row_number() over (partition by project_id, year(as_of_date) order by as_of_date desc) as place
    from staging.project_progress
    where equity_paid_amt is not null and total_debt_amt is not null
),

-- being built at the end of that year: by its stage tonight, or because it began to operate later
staged as (
    select
        lent.project_id,
        lent.year,
        lent.ended_on,
        project.client_id,
        project.projects,
        project.approved_on,
        coalesce(project.equity_commit_amt + project.debt_commit_amt, project.budget_amt) as committed_amt,
        case
            when project.equity_commit_amt + project.debt_commit_amt is not null then 'committed_financing'
            when project.budget_amt is not null then 'budget'
        end as committed_basis,
        project.stage = 'construction'
        or coalesce(coalesce(project.cod_forecast, project.cod_contract) > lent.ended_on, false) as is_building
    from lent
    inner join project on lent.project_id = project.project_id
),

-- accounts are the project's own where its company has no other
based as (
    select
        staged.project_id,
        staged.year,
        staged.is_building,
        case
            when staged.is_building then staged.committed_basis
            else coalesce(own.basis, case when progress.project_id is not null then 'progress_report' end)
        end as basis,
        case
            when staged.is_building then staged.committed_amt
            else coalesce(own.denominator_amt, progress.denominator_amt)
        end as denominator_amt,
        case
            when staged.is_building then staged.approved_on
            else coalesce(own.basis_on, progress.as_of_date)
        end as basis_on,
        not staged.is_building and own.client_id is null and reporting_client.client_id is not null as has_other_year
    from staged
    left join client on staged.client_id = client.client_id
    left join esg_emission.accounts as own
        on
            staged.client_id = own.client_id
            and staged.year = own.year
            and client.client_kind = 'project_company'
            and staged.projects = 1
            and own.denominator_amt is not null
    left join reporting_client
        on
            staged.client_id = reporting_client.client_id
            and client.client_kind = 'project_company'
            and staged.projects = 1
    left join progress
        on staged.project_id = progress.project_id and staged.year = progress.year and progress.place = 1
)

select * from based
