-- one row per client, day, direction and other side of the window's payments, as transactions name it: what was paid
-- the linter would have what stands in a macro less deep than its select
-- noqa: disable=LT02
-- What is read twice is written out twice, for few rows are not in the base currency: the engine would set a year of
-- transactions aside to read them again.
{% macro standing(condition) %}
select
    txn.account_id,
    txn.booked_on,
    txn.direction,
    txn.counterparty_id,
    txn.counterparty_name,
    txn.counterparty_bank,
    txn.counterparty_kind,
    txn.purpose,
    txn.ccy,
    txn.amount
from source.txn as txn
inner join day on txn.booked_on = day.day
left join taken_back on txn.txn_id = taken_back.txn_id
where
    taken_back.txn_id is null
    and txn.reverses_txn_id is null
    and not coalesce(txn.is_returned, false)
    and {{ condition }}
{% endmacro %}
with
setting as (
    select cast(max(case when setting = 'edge_days' then value end) as integer) as edge_days
    from policy.trail_setting
),

-- joined by day, so that older days are not read at all
day as (
    select calendar.day
    from night.calendar as calendar
    cross join setting
    where calendar.day > $business_date - setting.edge_days and calendar.day <= $business_date
),

taken_back as (
    select distinct txn.reverses_txn_id as txn_id
    from source.txn as txn
    inner join day on txn.booked_on = day.day
    where txn.reverses_txn_id is not null
),

in_foreign as (
    {{ standing("coalesce(txn.ccy, $base_ccy) <> $base_ccy") }}
),

in_base as (
    {{ standing("coalesce(txn.ccy, $base_ccy) = $base_ccy") }}
),

-- what is converted is added up first, and rounded once
summed as (
    select
        account_id,
        booked_on,
        direction,
        counterparty_id,
        counterparty_name,
        counterparty_kind,
        purpose,
        ccy,
        false as is_base,
        max(counterparty_bank) as counterparty_bank,
        sum(amount) as amount
    from in_foreign
    group by
        account_id,
        booked_on,
        direction,
        counterparty_id,
        counterparty_name,
        counterparty_kind,
        purpose,
        ccy
    union all
    select
        account_id,
        booked_on,
        direction,
        counterparty_id,
        counterparty_name,
        counterparty_kind,
        purpose,
        ccy,
        true as is_base,
        counterparty_bank,
        amount
    from in_base
),

purpose as (
    select * from policy.trail_flow
    where subject = 'purpose'
),

kind as (
    select * from policy.trail_flow
    where subject = 'counterparty_kind'
),

-- what a payment is for says more than who the other side is
sorted as (
    select
        owner.client_id,
        summed.booked_on,
        summed.direction,
        summed.counterparty_id as party_id,
        summed.counterparty_name as party_name,
        summed.counterparty_bank as party_bank,
        summed.counterparty_kind as party_kind,
        case
            when purpose.counts_as = 'none' then 'none'
            when kind.counts_as = 'prohibited' then 'prohibited'
            else coalesce(purpose.counts_as, kind.counts_as, 'plain')
        end as nature,
        case
            when summed.is_base then summed.amount
            else cast(summed.amount * fx.rate as decimal(38, 2))
        end as amount
    from summed
    inner join features.account_mapping as owner on summed.account_id = owner.account_id
    left join purpose on summed.purpose = purpose.code
    left join kind on summed.counterparty_kind = kind.code
    left join staging.fx as fx
        on
            summed.ccy <> $base_ccy
            and summed.ccy = fx.ccy
            and summed.booked_on >= fx.from_date
            and summed.booked_on <= fx.last_date
),

transfer as (
    select
        client_id,
        booked_on,
        direction,
        party_id,
        party_name,
        nature,
        max(party_bank) as party_bank,
        max(party_kind) as party_kind,
        cast(sum(amount) as decimal(38, 2)) as amount
    from sorted
    where nature <> 'none' and amount is not null
    group by client_id, booked_on, direction, party_id, party_name, nature
)

select * from transfer
