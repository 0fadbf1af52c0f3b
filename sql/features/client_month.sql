-- one row per client and month whose facts changed tonight: what tonight adds to the month
with
day as (
    select * from features.client_day
    where booked_on >= cast(date_trunc('month', $business_date) - interval '14' month as date)
),

per_month as (
    select
        client_id,
        cast(date_trunc('month', booked_on) as date) as month,
        sum(client_initiated_count) as client_initiated_count,
        sum(inflow_amt) as credit_turnover_amt,
        sum(fee_amt) as fee_amt,
        sum(txn_count) as txn_count
    from day
    group by client_id, cast(date_trunc('month', booked_on) as date)
)

select * from per_month
