-- one row per client and month with transactions: eighteen full months, and the running one
{% import 'macros/month.sql' as months %}
with
span as (
    select {{ months.first_day('$business_date', -18) }} as first_month
),

day as (
    select * from {{ 'features.client_day' if is_rolled else 'history.client_day' }}
),

per_month as (
    select
        day.client_id,
        cast(date_trunc('month', day.booked_on) as date) as month,
        sum(day.client_initiated_count) as client_initiated_count,
        sum(day.inflow_amt) as inflow_amt,
        sum(day.fee_amt) as fee_amt,
        sum(day.payroll_amt) as payroll_amt,
        sum(day.tax_amt) as tax_amt,
        sum(day.tax_count) as tax_count,
        sum(day.social_security_count) as social_security_count,
        sum(day.utility_amt) as utility_amt,
        sum(day.txn_count) as txn_count
    from day
    cross join span
    where day.booked_on >= span.first_month
    group by day.client_id, cast(date_trunc('month', day.booked_on) as date)
),

{% if is_rolled %}
held as (
    select held.*
    from previous.client_month as held
    cross join span
    where held.month >= span.first_month
),

summed as (
    select
        coalesce(held.client_id, per_month.client_id) as client_id,
        coalesce(held.month, per_month.month) as month,
        coalesce(held.client_initiated_count, 0) + coalesce(per_month.client_initiated_count, 0)
            as client_initiated_count,
        coalesce(held.credit_turnover_amt, 0) + coalesce(per_month.inflow_amt, 0) as inflow_amt,
        coalesce(held.fee_amt, 0) + coalesce(per_month.fee_amt, 0) as fee_amt,
        coalesce(held.payroll_amt, 0) + coalesce(per_month.payroll_amt, 0) as payroll_amt,
        coalesce(held.tax_amt, 0) + coalesce(per_month.tax_amt, 0) as tax_amt,
        coalesce(held.tax_count, 0) + coalesce(per_month.tax_count, 0) as tax_count,
        coalesce(held.social_security_count, 0) + coalesce(per_month.social_security_count, 0)
            as social_security_count,
        coalesce(held.utility_amt, 0) + coalesce(per_month.utility_amt, 0) as utility_amt,
        coalesce(held.txn_count, 0) + coalesce(per_month.txn_count, 0) as txn_count
    from held
    full outer join per_month on held.client_id = per_month.client_id and held.month = per_month.month
),
{% else %}
summed as (
    select * from per_month
),
{% endif %}

marked as (
    select
        client_id,
        month,
        client_initiated_count > 0 as has_activity,
        client_initiated_count,
        inflow_amt as credit_turnover_amt,
        fee_amt,
        payroll_amt,
        tax_amt,
        tax_count,
        social_security_count,
        utility_amt,
        txn_count,
        {{ months.first_day('month', 1) }} <= $morning as is_full
    from summed
    where txn_count <> 0
)

select * from marked
