-- one row per client with an open need: operating inflow, tax and wages paid of the last twelve full months, and the
-- line that they carry (tax and wages together, and no more than a share of the inflow) beyond what is lent already
{% import 'macros/money.sql' as money %}
{% import 'macros/month.sql' as months %}
with
setting as (
    select
        max(case when setting = 'line_inflow_pct' then value end) as line_inflow_pct,
        max(case when setting = 'line_tax_times' then value end) as line_tax_times,
        max(case when setting = 'line_payroll_times' then value end) as line_payroll_times,
        max(case when setting = 'trade_inflow_pct' then value end) as trade_inflow_pct
    from policy.proposal_setting
),

client as (
    select distinct client_id
    from care_proposal.need
),

summed as (
    select
        month.client_id,
        count(*) as months,
        sum(month.credit_turnover_amt) as inflow_amt,
        sum(month.tax_amt) as tax_amt,
        sum(month.payroll_amt) as payroll_amt
    from features.client_month as month
    inner join client on month.client_id = client.client_id
    where month.is_full and month.month >= {{ months.first_day('$morning', -12) }}
    group by month.client_id
),

carried as (
    select
        summed.client_id,
        summed.months,
        summed.inflow_amt,
        summed.tax_amt,
        summed.payroll_amt,
        case when lent.client_id is null then 0 else lent.working_loan_amt end as lent_amt,
        case
            when summed.months = 12 and summed.tax_amt is not null and summed.payroll_amt is not null then cast(
                least(
                    summed.inflow_amt * setting.line_inflow_pct * 0.01,
                    summed.tax_amt * setting.line_tax_times + summed.payroll_amt * setting.line_payroll_times
                ) as decimal(18, 2)
            )
        end as line_amt,
        case
            when summed.months = 12
                then cast(summed.inflow_amt * setting.trade_inflow_pct * 0.01 as decimal(18, 2))
        end as trade_amt
    from summed
    cross join setting
    left join care_proposal.lent as lent on summed.client_id = lent.client_id
),

turnover as (
    select
        client_id,
        months,
        inflow_amt,
        tax_amt,
        payroll_amt,
        {{ money.no_less_than_nought('line_amt - lent_amt') }} as line_amt,
        {{ money.no_less_than_nought('trade_amt - lent_amt') }} as trade_amt
    from carried
)

select * from turnover
