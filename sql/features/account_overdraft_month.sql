-- one row per account and full month of the last twelve with a known balance: was the agreed overdraft exceeded on any day?
with
step as (
    select * from balance.balance_step
),

account as (
    select * from staging.account
),

month as (
    select distinct cast(date_trunc('month', day) as date) as month
    from night.calendar
    where
        day >= cast(date_trunc('month', $morning) - interval '12' month as date)
        and day < cast(date_trunc('month', $morning) as date)
),

seen as (
    select
        step.account_id,
        account.client_id,
        month.month,
        max(case when step.balance_amt < -coalesce(account.overdraft_limit, 0) then 1 else 0 end) = 1 as is_excess
    from step
    inner join account on step.account_id = account.account_id
    inner join month
        on step.to_date > month.month and step.from_date < cast(month.month + interval '1' month as date)
    where account.is_deposit
    group by step.account_id, account.client_id, month.month
)

select * from seen
