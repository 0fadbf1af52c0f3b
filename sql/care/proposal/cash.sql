-- one row per open need and period ahead: cash flow available for debt service, and what of it the debt that is there
-- takes
-- A project's own forecast; for any other client one period as long as any loan, at what its newest year brings. A loan
-- that is to be replaced takes nothing from then on.
{% import 'macros/month.sql' as months %}
{% set longest_months = 420 %}
with
need as (
    select * from care_proposal.need
),

project as (
    select
        need.need_id,
        period.month_no,
        coalesce(
            period.month_no - lag(period.month_no) over (partition by need.need_id order by period.month_no),
            period.rhythm_months
        ) as months,
        period.cfads as cfads_amt,
        period.debt_service as service_amt
    from need
    inner join features_project.period as period on need.project_id = period.project_id
    where period.kind = 'forecast' and period.period_end > $business_date
),

company as (
    select
        need.need_id,
        {{ months.number('need.paid_out_on') }} + {{ longest_months }} as month_no,
        {{ longest_months }} as months,
        cast(cash.cfads_amt * {{ longest_months }} / 12 as decimal(18, 2)) as cfads_amt,
        cast(
            case
                when replaced.need_id is null then cash.service_amt
                when replaced.service_amt >= cash.service_amt then 0
                else cash.service_amt - replaced.service_amt
            end * {{ longest_months }} / 12 as decimal(18, 2)
        ) as service_amt
    from need
    inner join care_proposal.company_cash as cash on need.client_id = cash.client_id
    left join care_proposal.replaced as replaced on need.need_id = replaced.need_id
    where need.projects = 0
),

cash as (
    select
        need_id,
        month_no,
        months,
        cast(cfads_amt as decimal(18, 2)) as cfads_amt,
        cast(service_amt as decimal(18, 2)) as service_amt
    from project
    union all
    select
        need_id,
        month_no,
        months,
        cfads_amt,
        service_amt
    from company
)

select * from cash
