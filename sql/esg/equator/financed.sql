-- one row per project: what it costs, what is lent for it and for how long, in US dollars at tonight's rate, and what
-- it emitted in the last year that is known
with
project as (
    select
        project_id,
        client_id,
        branch_id,
        ep_category,
        country,
        approved_on,
        budget_amt,
        equity_commit_amt,
        debt_commit_amt,
        approved_amt
    from features.project_state
),

dollar as (
    select max(rate) as rate
    from staging.fx
    where ccy = 'USD' and $business_date >= from_date and $business_date <= last_date
),

lent as (
    select
        project_id,
        sum(greatest(coalesce(limit_amt, 0), coalesce(outstanding_amt, 0))) as commitment_amt,
        min(start_date) as first_start_date,
        max(maturity_date) as last_maturity_date
    from features.loan_state
    where project_id is not null and status <> 'closed'
    group by project_id
),

emitted as (
    select
        project_id,
        year,
        scope1_t + scope2_t as emission_t,
        row_number() over (partition by project_id order by year desc) as place
    from features_esg.emission
    where scope1_t + scope2_t is not null and not is_implausible
),

valued as (
    select
        project.project_id,
        project.client_id,
        project.branch_id,
        project.ep_category,
        upper(trim(project.country)) as country,
        project.approved_on,
        client.client_kind,
        dollar.rate as usd_rate,
        cast(
            coalesce(project.budget_amt, project.equity_commit_amt + project.debt_commit_amt) / nullif(dollar.rate, 0)
            as decimal(18, 2)
        ) as cost_usd,
        cast(project.debt_commit_amt / nullif(dollar.rate, 0) as decimal(18, 2)) as debt_usd,
        -- where no loan says what the bank lends, what it has approved does
        cast(coalesce(lent.commitment_amt, project.approved_amt) / nullif(dollar.rate, 0) as decimal(18, 2))
            as commitment_usd,
        (12 * year(lent.last_maturity_date) + month(lent.last_maturity_date))
        - (12 * year(lent.first_start_date) + month(lent.first_start_date))
        - case when day(lent.last_maturity_date) < day(lent.first_start_date) then 1 else 0 end as tenor_months,
        emitted.year as emission_year,
        emitted.emission_t
    from project
    cross join dollar
    left join staging.client as client on project.client_id = client.client_id
    left join lent on project.project_id = lent.project_id
    left join emitted on project.project_id = emitted.project_id and emitted.place = 1
)

select * from valued
