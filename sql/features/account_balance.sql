-- one row per open account with a known balance: the end-of-day balance of the business date
with
step as (
    select * from balance.balance_step
    where from_date <= $business_date and to_date > $business_date
),

account as (
    select * from staging.account
    where opened_on <= $business_date and coalesce(closed_on > $business_date, true)
),

latest as (
    select
        account.account_id,
        account.client_id,
        account.kind,
        account.is_deposit,
        step.ccy,
        account.overdraft_limit,
        step.balance_amt,
        step.balance_base_amt,
        step.from_date as row_date
    from step
    inner join account on step.account_id = account.account_id
)

select * from latest
