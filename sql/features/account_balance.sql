-- one row per account with a known balance: the end-of-day balance of the business date
with
account as (
    select * from staging.account
    where opened_on <= $business_date
),

last_step as (
    select
        account_id,
        ccy,
        balance_amt
    from features_balance.step
    where to_date = $morning
),

is_replayed as (
    select table_name from night.supplied
    where table_name = 'balance' and not is_supplied
),

is_given as (
    select table_name from night.supplied
    where table_name = 'balance' and is_supplied
),

{% if is_rolled %}
reread as (
    select account.account_id
    from account
    inner join features_balance.reread_client as reread on account.client_id = reread.client_id
),

dated as (
    select
        account_id,
        business_date
    from source.balance
    cross join is_given
    where arrived_on = $business_date and business_date <= $business_date
    union all
    select
        balance.account_id,
        balance.business_date
    from source.balance as balance
    inner join reread on balance.account_id = reread.account_id
    cross join is_given
    where balance.business_date <= $business_date
    union all
    select
        txn.account_id,
        txn.booked_on as business_date
    from source.txn as txn
    cross join is_replayed
    where txn.arrived_on = $business_date and txn.booked_on <= $business_date
    union all
    select
        txn.account_id,
        txn.booked_on as business_date
    from source.txn as txn
    inner join reread on txn.account_id = reread.account_id
    cross join is_replayed
    where txn.booked_on <= $business_date
),
{% else %}
dated as (
    select
        account_id,
        business_date
    from source.balance
    cross join is_given
    where business_date <= $business_date
    union all
    select
        txn.account_id,
        txn.booked_on as business_date
    from source.txn as txn
    cross join is_replayed
    where txn.booked_on <= $business_date
),
{% endif %}

row_date as (
    select
        account_id,
        min(business_date) as first_row_date,
        max(business_date) as row_date
    from dated
    group by account_id
),

{% if is_rolled %}
held as (
    select held.*
    from previous.account_balance as held
    left join features_balance.reread_client as reread on held.client_id = reread.client_id
    where reread.client_id is null
),

found as (
    select
        account.account_id,
        coalesce(last_step.ccy, held.ccy) as ccy,
        coalesce(last_step.balance_amt, held.balance_amt) as balance_amt,
        coalesce(greatest(row_date.row_date, held.row_date), row_date.row_date, held.row_date) as row_date,
        coalesce(
            least(row_date.first_row_date, held.first_row_date), row_date.first_row_date, held.first_row_date
        ) as first_row_date
    from account
    left join held on account.account_id = held.account_id
    left join last_step on account.account_id = last_step.account_id
    left join row_date on account.account_id = row_date.account_id
    where held.account_id is not null or last_step.account_id is not null
),
{% else %}
found as (
    select
        last_step.account_id,
        last_step.ccy,
        last_step.balance_amt,
        row_date.row_date,
        row_date.first_row_date
    from last_step
    inner join row_date on last_step.account_id = row_date.account_id
),
{% endif %}

-- since when a currency has had a rate of use on every day
first_rate as (
    select
        ccy,
        coalesce(
            max(case when last_date < to_date - 1 and last_date < $business_date then to_date end), min(from_date)
        ) as from_date
    from staging.fx
    group by ccy
),

valued as (
    select
        account.account_id,
        account.client_id,
        account.kind,
        account.is_deposit,
        found.ccy,
        account.overdraft_limit,
        found.balance_amt,
        cast(found.balance_amt * fx.rate as decimal(18, 2)) as balance_base_amt,
        found.row_date,
        found.first_row_date,
        is_replayed.table_name is not null as is_replayed,
        account.closed_on,
        coalesce(account.closed_on > $business_date, true) as is_open,
        -- a rate is needed from the first day that an average reaches back to
        found.balance_amt = 0
        or coalesce(
            first_rate.from_date <= greatest(found.first_row_date, cast($business_date - interval '209' day as date)),
            false
        ) as is_converted
    from found
    inner join account on found.account_id = account.account_id
    left join is_replayed on true
    left join first_rate on found.ccy = first_rate.ccy
    left join staging.fx as fx
        on found.ccy = fx.ccy and $business_date >= fx.from_date and $business_date <= fx.last_date
)

select * from valued
