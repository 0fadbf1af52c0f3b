-- one row per account and step of its end-of-day balance: valid from from_date up to, and not on, to_date
with
account as (
    select * from staging.account
),

supplied as (
    select is_supplied from night.supplied
    where table_name = 'balance'
),

-- the bank's own end-of-day balances
given as (
    select
        balance.account_id,
        balance.business_date as on_date,
        balance.eod_balance as balance_amt,
        coalesce(balance.ccy, account.ccy) as ccy
    from source.balance as balance
    inner join account on balance.account_id = account.account_id
    where balance.business_date <= $business_date and (select is_supplied from supplied)
),

-- without them balances replay from the transactions
moved as (
    select
        txn.account_id,
        txn.booked_on as on_date,
        sum(case when txn.direction = 'C' then txn.amount else -txn.amount end) as moved_amt
    from source.txn as txn
    where txn.booked_on <= $business_date and not (select is_supplied from supplied)
    group by txn.account_id, txn.booked_on
),

replayed as (
    select
        moved.account_id,
        moved.on_date,
        sum(moved.moved_amt) over (partition by moved.account_id order by moved.on_date) as balance_amt,
        account.ccy
    from moved
    inner join account on moved.account_id = account.account_id
),

either as (
    select * from given
    union all
    select * from replayed
),

steps as (
    select
        either.account_id,
        either.on_date as from_date,
        coalesce(lead(either.on_date) over (partition by either.account_id order by either.on_date), $morning)
            as to_date,
        either.balance_amt,
        either.ccy
    from either
),

converted as (
    select
        steps.account_id,
        account.client_id,
        account.is_deposit,
        steps.from_date,
        steps.to_date,
        steps.ccy,
        cast(steps.balance_amt as decimal(18, 2)) as balance_amt,
        case
            when steps.ccy = $base_ccy then cast(steps.balance_amt as decimal(18, 2))
            else cast(steps.balance_amt * fx.rate as decimal(18, 2))
        end as balance_base_amt
    from steps
    inner join account on steps.account_id = account.account_id
    left join staging.fx as fx
        on
            steps.ccy <> $base_ccy
            and steps.ccy = fx.ccy
            and steps.from_date >= fx.from_date
            and steps.from_date < fx.to_date
)

select * from converted
