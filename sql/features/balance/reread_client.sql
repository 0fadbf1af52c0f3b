-- one row per client whose balances are read from their first row again: what tonight says about days that were closed
with
account as (
    select * from staging.account
),

held as (
    select * from previous.account_balance
),

late_row as (
    select account_id from source.balance
    where arrived_on = $business_date and business_date <= $parent_date
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

late as (
    select account_id from late_row
    union
    select account_id from late_txn
),

-- closed or opened again with effect for days gone by, no longer sent, or of another kind
changed as (
    select held.client_id
    from held
    left join account on held.account_id = account.account_id
    where
        account.account_id is null
        or account.is_deposit <> held.is_deposit
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
    select client_id from changed
)

select * from touched
