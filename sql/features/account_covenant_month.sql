-- one row per account with an agreement on its credits or balance: the newest month agreed of those that are over, and
-- what came of it. Of transactions and balances the last months are read, of these accounts alone
{% import 'macros/month.sql' as months %}
with
agreed as (
    select
        *,
        row_number() over (partition by account_id order by month desc) as place
    from source.account_covenant
    where {{ months.first_day('month', 1) }} <= $morning
),

covenant as (
    select
        agreed.account_id,
        account.client_id,
        account.ccy,
        agreed.month,
        {{ months.first_day('agreed.month', 1) }} as end_day,
        agreed.agreed_pct,
        agreed.revenue_due_amt,
        agreed.required_avg_amt
    from agreed
    inner join staging.account as account on agreed.account_id = account.account_id
    where agreed.place = 1
),

-- a month that nobody agreed anything on lately is not read
recent as (
    select * from covenant
    where month >= {{ months.first_day('$business_date', -3) }}
),

txn as (
    select txn.*
    from source.txn as txn
    inner join recent on txn.account_id = recent.account_id
    where txn.booked_on >= {{ months.first_day('$business_date', -3) }} and txn.booked_on <= $business_date
),

reversal as (
    select distinct reverses_txn_id as txn_id
    from txn
    where reverses_txn_id is not null
),

credited as (
    select
        recent.account_id,
        case
            when coalesce(txn.ccy, $base_ccy) = $base_ccy then txn.amount
            else cast(txn.amount * fx.rate as decimal(18, 2))
        end as amount_base
    from txn
    inner join recent
        on txn.account_id = recent.account_id and txn.booked_on >= recent.month and txn.booked_on < recent.end_day
    left join reversal on txn.txn_id = reversal.txn_id
    left join features_flow.purpose as purpose_rule on txn.purpose = purpose_rule.code
    left join staging.fx as fx
        on
            txn.ccy <> $base_ccy
            and txn.ccy = fx.ccy
            and txn.booked_on >= fx.from_date
            and txn.booked_on <= fx.last_date
    where
        txn.direction = 'C'
        and not coalesce(txn.is_returned, false)
        and txn.reverses_txn_id is null
        and reversal.txn_id is null
        and not coalesce(purpose_rule.is_excluded, false)
),

credit as (
    select
        account_id,
        sum(amount_base) as credit_amt,
        count(*) - count(amount_base) as unconverted_count
    from credited
    group by account_id
),

-- a balance stands until the next one; of the month before one is enough
balance as (
    select
        recent.account_id,
        recent.month,
        recent.end_day,
        balance.business_date as from_date,
        coalesce(
            lead(balance.business_date) over (partition by balance.account_id order by balance.business_date asc),
            recent.end_day
        ) as to_date,
        balance.eod_balance as balance_amt,
        coalesce(balance.ccy, recent.ccy) as ccy
    from source.balance as balance
    inner join recent on balance.account_id = recent.account_id
    where
        balance.business_date >= {{ months.first_day('$business_date', -4) }}
        and balance.business_date < recent.end_day
),

held as (
    select
        balance.account_id,
        sum(
            balance.balance_amt
            * coalesce(fx.rate, 1)
            * greatest(
                date_diff('day', greatest(balance.from_date, balance.month), least(balance.to_date, balance.end_day)),
                0
            )
        ) as balance_days_sum,
        sum(
            greatest(
                date_diff('day', greatest(balance.from_date, balance.month), least(balance.to_date, balance.end_day)),
                0
            )
        ) as day_count,
        sum(case when balance.ccy <> $base_ccy and fx.rate is null then 1 else 0 end) as unconverted_count
    from balance
    left join staging.fx as fx
        on
            balance.ccy <> $base_ccy
            and balance.ccy = fx.ccy
            and balance.from_date >= fx.from_date
            and balance.from_date <= fx.last_date
    group by balance.account_id
),

kept as (
    select
        covenant.account_id,
        covenant.client_id,
        covenant.month,
        covenant.agreed_pct,
        covenant.revenue_due_amt,
        covenant.required_avg_amt,
        case
            when recent.account_id is not null and coalesce(credit.unconverted_count, 0) = 0
                then coalesce(credit.credit_amt, 0)
        end as credit_amt,
        case
            when held.unconverted_count = 0 and held.day_count = date_diff('day', covenant.month, covenant.end_day)
                then cast(held.balance_days_sum / nullif(held.day_count, 0) as decimal(18, 2))
        end as avg_balance_amt
    from covenant
    left join recent on covenant.account_id = recent.account_id
    left join credit on covenant.account_id = credit.account_id
    left join held on covenant.account_id = held.account_id
)

select * from kept
