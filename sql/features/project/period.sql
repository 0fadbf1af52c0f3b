-- one row per project, kind and period of its cash flow: what is known of it on the business date
-- Figures of a period that is not over are a forecast or the base case, never actual. `rhythm_months` is how far the
-- periods of a kind usually lie apart, by the two that lie nearest; `months` how long ago the one before ended.
{% import 'macros/month.sql' as months %}
with
cashflow as (
    select
        *,
        principal + interest as debt_service,
        {{ months.number('period_end') }} as month_no
    from source.project_cashflow
    where kind <> 'actual' or period_end <= $business_date
),

spaced as (
    select
        *,
        nullif(month_no - lag(month_no) over (partition by project_id, kind order by period_end), 0) as months
    from cashflow
),

period as (
    select
        project_id,
        kind,
        period_end,
        month_no,
        months,
        min(months) over (partition by project_id, kind) as rhythm_months,
        cfads,
        principal,
        debt_service,
        dsra_balance,
        dsra_required,
        output,
        output_p50,
        offtaker_receivable_days,
        offtaker_contract_days,
        subsidy_days_late
    from spaced
)

select * from period
