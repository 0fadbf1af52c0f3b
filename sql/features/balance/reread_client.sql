-- one row per client whose balances are read from their first row again: what tonight says about days that were closed
with
account as (
    select * from staging.account
    where opened_on <= $business_date
),

held as (
    select * from previous.account_balance
),

-- a row that is taken back, or contradicted, has none in its place
late_row as (
    select account_id from source.balance
    where arrived_on = $business_date and business_date <= $parent_date
    union
    select account_id from source.balance_superseded
),

is_replayed as (
    select table_name from night.supplied
    where table_name = 'balance' and not is_supplied
),

late_txn as (
    select txn.account_id
    from source.txn as txn
    cross join is_replayed
    where txn.arrived_on = $business_date and txn.booked_on <= $parent_date
    union all
    select txn.account_id
    from source.txn_superseded as txn
    cross join is_replayed
),

-- what a rate of days gone by that came or went turns: balances in its currency, and what is replayed by it
revalued as (
    select balance.account_id
    from source.balance as balance
    inner join features_rolling.changed_rate as rate on balance.ccy = rate.ccy and balance.business_date < rate.to_date
    union
    select account.account_id
    from account
    inner join features_rolling.changed_rate as rate on account.ccy = rate.ccy
    cross join is_replayed
    union
    select txn.account_id
    from source.txn as txn
    inner join features_rolling.changed_rate as rate
        on txn.ccy = rate.ccy and txn.booked_on >= rate.from_date and txn.booked_on < rate.to_date
    cross join is_replayed
),

late as (
    select account_id from late_row
    union
    select account_id from late_txn
    union
    select account_id from revalued
),

-- closed or opened again with effect for days gone by, no longer sent, not opened yet, of another kind, or another
-- client's now; or balances are no longer replayed, or replayed from now on, or replayed in another currency; or months
-- gone by lie below another overdraft limit, or one that could not be read for a night
changed as (
    select
        held.client_id as former_client_id,
        account.client_id
    from held
    left join account on held.account_id = account.account_id
    left join is_replayed on true
    where
        account.account_id is null
        or held.is_replayed <> (is_replayed.table_name is not null)
        or account.is_deposit <> held.is_deposit
        or account.client_id <> held.client_id
        or (is_replayed.table_name is not null and held.is_open and account.ccy <> held.ccy)
        or coalesce(account.overdraft_limit, -1) <> coalesce(held.overdraft_limit, -1)
        or (
            coalesce(account.closed_on, date '9999-12-31') <> coalesce(held.closed_on, date '9999-12-31')
            and coalesce(least(account.closed_on, held.closed_on), account.closed_on, held.closed_on) <= $parent_date
        )
),

-- an account that the night before knew no balance of, and that has rows of days gone by
unheld as (
    select
        account.account_id,
        account.client_id
    from account
    left join held on account.account_id = held.account_id
    where held.account_id is null
),

appeared as (
    select unheld.client_id
    from unheld
    inner join source.balance as balance on unheld.account_id = balance.account_id
    where balance.business_date <= $parent_date
    union
    select unheld.client_id
    from unheld
    inner join source.txn as txn on unheld.account_id = txn.account_id
    cross join is_replayed
    where txn.booked_on <= $parent_date
),

touched as (
    select client_id from appeared
    union
    select account.client_id
    from late
    inner join account on late.account_id = account.account_id
    union
    select former_client_id as client_id from changed
    union
    select client_id from changed
    where client_id is not null
)

select * from touched
