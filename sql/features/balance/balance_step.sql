-- one row per account and step of its end-of-day balance, of the last fifteen months
with
step as (
    select * from staging.balance
    where to_date > cast(date_trunc('month', $business_date) - interval '14' month as date)
)

select * from step
