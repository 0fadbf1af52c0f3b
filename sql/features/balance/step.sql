-- one row per account and change of its end-of-day balance: valid from from_date up to, and not on, to_date
-- the linter would have what stands in a template's loop or condition less deep than its select
-- noqa: disable=LT02
-- A rolled night takes its own days only, after the balance held from the night before; what it reads again is whole.
{% macro replayed(where) %}
select
    txn.account_id,
    txn.booked_on as business_date,
    sum(
        case when txn.direction = 'C' then 1 else -1 end
        * case
            when coalesce(txn.ccy, $base_ccy) = account.ccy then txn.amount
            else cast(txn.amount * fx.rate / nullif(own_fx.rate, 0) as decimal(18, 2))
        end
    ) as move_amt
from source.txn as txn
inner join chosen as account on txn.account_id = account.account_id
cross join is_replayed
left join staging.fx as fx
    on
        coalesce(txn.ccy, $base_ccy) <> account.ccy
        and coalesce(txn.ccy, $base_ccy) = fx.ccy
        and txn.booked_on >= fx.from_date
        and txn.booked_on < fx.to_date
left join staging.fx as own_fx
    on
        coalesce(txn.ccy, $base_ccy) <> account.ccy
        and account.ccy = own_fx.ccy
        and txn.booked_on >= own_fx.from_date
        and txn.booked_on < own_fx.to_date
where {{ where }}
group by txn.account_id, txn.booked_on
{% endmacro %}
with
account as (
    select * from staging.account
    where opened_on <= $business_date
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
    select account.*
    from account
    inner join features_balance.reread_client as reread on account.client_id = reread.client_id
),

continued as (
    select account.*
    from account
    left join features_balance.reread_client as reread on account.client_id = reread.client_id
    where reread.client_id is null
),

held as (
    select held.*
    from previous.account_balance as held
    inner join continued on held.account_id = continued.account_id
),

given as (
    select
        balance.account_id,
        balance.business_date,
        balance.eod_balance as balance_amt,
        coalesce(balance.ccy, $base_ccy) as ccy,
        true as is_whole
    from source.balance as balance
    inner join reread on balance.account_id = reread.account_id
    cross join is_given
    where balance.business_date <= $business_date
    union all
    select
        balance.account_id,
        balance.business_date,
        balance.eod_balance as balance_amt,
        coalesce(balance.ccy, $base_ccy) as ccy,
        false as is_whole
    from source.balance as balance
    inner join continued on balance.account_id = continued.account_id
    where
        balance.arrived_on = $business_date
        and balance.business_date > $parent_date
        and balance.business_date <= $business_date
),

chosen as (
    select
        account.*,
        reread.account_id is not null as is_whole,
        case when reread.account_id is null then coalesce(held.balance_amt, 0) else 0 end as before_amt
    from account
    left join reread on account.account_id = reread.account_id
    left join held on account.account_id = held.account_id
),

moved as (
    {{ replayed("account.is_whole and txn.booked_on <= $business_date") }}
    union all
    {{ replayed(
        "not account.is_whole and txn.arrived_on = $business_date and txn.booked_on > $parent_date"
        ~ " and txn.booked_on <= $business_date"
    ) }}
),
{% else %}
given as (
    select
        balance.account_id,
        balance.business_date,
        balance.eod_balance as balance_amt,
        coalesce(balance.ccy, $base_ccy) as ccy,
        true as is_whole
    from source.balance as balance
    cross join is_given
    where balance.business_date <= $business_date
),

chosen as (
    select
        *,
        true as is_whole,
        0 as before_amt
    from account
),

moved as (
    {{ replayed("txn.booked_on <= $business_date") }}
),
{% endif %}

summed as (
    select
        moved.account_id,
        moved.business_date,
        cast(
            chosen.before_amt
            + sum(coalesce(moved.move_amt, 0)) over (partition by moved.account_id order by moved.business_date)
            as decimal(18, 2)
        ) as balance_amt,
        chosen.ccy,
        chosen.is_whole
    from moved
    inner join chosen on moved.account_id = chosen.account_id
),

said as (
    select * from given
    union all
    select * from summed
),

-- an account that is closed holds nothing, whatever is said of it later
open_days as (
    select
        said.account_id,
        account.client_id,
        account.is_deposit,
        said.business_date,
        said.balance_amt,
        said.ccy,
        said.is_whole,
        false as is_held
    from said
    inner join account on said.account_id = account.account_id
    where account.closed_on is null or said.business_date < account.closed_on
),

{% if is_rolled %}
-- where the held balance matters: a new row follows it, its rate moves, it is overdrawn, or the account closes
followed as (
    select distinct account_id
    from open_days
    where not is_whole
),

carried as (
    select
        held.account_id,
        account.client_id,
        account.is_deposit,
        $parent_date as business_date,
        held.balance_amt,
        held.ccy,
        false as is_whole,
        true as is_held
    from held
    inner join account on held.account_id = account.account_id
    left join followed on held.account_id = followed.account_id
    where
        followed.account_id is not null
        or held.ccy <> $base_ccy
        or held.balance_amt < 0
        or (account.closed_on > $parent_date and account.closed_on <= $business_date)
),

known as (
    select * from open_days
    union all
    select * from carried
),
{% else %}
known as (
    select * from open_days
),
{% endif %}

closing as (
    select
        known.account_id,
        known.client_id,
        known.is_deposit,
        account.closed_on as business_date,
        cast(0 as decimal(18, 2)) as balance_amt,
        $base_ccy as ccy,
        known.is_whole,
        false as is_held
    from known
    inner join account on known.account_id = account.account_id
    where
        account.closed_on <= $business_date
        {% if is_rolled %}
        and (known.is_whole or account.closed_on > $parent_date)
        {% endif %}
    group by known.account_id, known.client_id, known.is_deposit, account.closed_on, known.is_whole
),

complete as (
    select * from known
    union all
    select * from closing
),

followed_up as (
    select
        *,
        lag(balance_amt) over (partition by account_id order by business_date) as before_amt,
        lag(ccy) over (partition by account_id order by business_date) as before_ccy
    from complete
),

changed as (
    select * from followed_up
    where before_ccy is null or before_ccy <> ccy or before_amt <> balance_amt
),

steps as (
    select
        account_id,
        client_id,
        is_deposit,
        business_date as from_date,
        coalesce(lead(business_date) over (partition by account_id order by business_date), $morning) as to_date,
        balance_amt,
        ccy,
        balance_amt - coalesce(before_amt, 0) as move_amt,
        is_whole,
        is_held
    from changed
)

select * from steps
