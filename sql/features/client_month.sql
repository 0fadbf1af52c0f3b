-- one row per client and month with transactions: fourteen full months, and the running one
with
day as (
    select * from history.client_day
    where
        booked_on >= cast(date_trunc('month', $business_date) - interval '14' month as date)
        and booked_on <= $business_date
),

per_month as (
    select
        client_id,
        cast(date_trunc('month', booked_on) as date) as month,
        sum(client_initiated_count) > 0 as has_activity,
        sum(client_initiated_count) as client_initiated_count,
        sum(inflow_amt) as inflow_amt,
        sum(outflow_amt) as outflow_amt,
        sum(inflow_amt) as credit_turnover_amt,
        sum(fee_amt) as fee_amt,
        sum(txn_count) as txn_count
    from day
    group by client_id, cast(date_trunc('month', booked_on) as date)
),

marked as (
    select
        *,
        cast(month + interval '1' month as date) <= $morning as is_full
    from per_month
    where txn_count <> 0
)

select * from marked
