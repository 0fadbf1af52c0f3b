-- one row per client and month with transactions: fourteen full months, and the running one
-- noqa: disable=LT02,ST03,LT05 (layout and use of steps depend on the structure of the night)
with
span as (
    select cast(date_trunc('month', $business_date) - interval '14' month as date) as first_month
),

{% if is_rolled %}
day as (
    select * from features.client_day
),

held as (
    select
        client_id,
        month,
        client_initiated_count,
        inflow_amt,
        outflow_amt,
        fee_amt,
        txn_count
    from previous.client_month
),
{% else %}
day as (
    select * from history.client_day
),
{% endif %}

dated as (
    select
        client_id,
        cast(date_trunc('month', booked_on) as date) as month,
        client_initiated_count,
        inflow_amt,
        outflow_amt,
        fee_amt,
        txn_count
    from day
    {% if is_rolled %}
    union all
    select * from held
    {% endif %}
),

per_month as (
    select
        dated.client_id,
        dated.month,
        sum(dated.client_initiated_count) as client_initiated_count,
        sum(dated.inflow_amt) as inflow_amt,
        sum(dated.outflow_amt) as outflow_amt,
        sum(dated.fee_amt) as fee_amt,
        sum(dated.txn_count) as txn_count
    from dated
    cross join span
    where dated.month >= span.first_month
    group by dated.client_id, dated.month
),

marked as (
    select
        *,
        client_initiated_count > 0 as has_activity,
        inflow_amt as credit_turnover_amt,
        cast(month + interval '1' month as date) <= $morning as is_full
    from per_month
    where txn_count <> 0
)

select * from marked
