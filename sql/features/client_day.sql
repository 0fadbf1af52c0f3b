-- one row per client and booking date whose facts changed tonight: the difference that tonight makes
{% import 'macros/flow.sql' as flow %}
with
reach as (
    select cast(value as integer) as reversal_days from policy.flow_setting
    where setting = 'reversal_days'
),

{% if is_rolled %}
resorted_account as (
    select mapping.account_id
    from features.account_mapping as mapping
    inner join features_rolling.resorted_client as resorted on mapping.client_id = resorted.client_id
),

arrived as (
    select * from source.txn
    where arrived_on = $business_date
),

replaced as (
    select * from source.txn_superseded
),

-- facts held before tonight that a reversal of tonight takes back, or that a replaced reversal took back
named as (
    select
        reverses_txn_id as txn_id,
        booked_on
    from arrived
    where reverses_txn_id is not null
    union
    select
        reverses_txn_id as txn_id,
        booked_on
    from replaced
    where reverses_txn_id is not null
),

named_day as (
    select
        min(named.booked_on - reach.reversal_days) as first_day,
        max(named.booked_on + reach.reversal_days) as last_day
    from named
    cross join reach
),

turned as (
    select txn.*
    from source.txn as txn
    inner join named_day on txn.booked_on >= named_day.first_day and txn.booked_on <= named_day.last_day
    where txn.arrived_on < $business_date and txn.txn_id in (select named.txn_id from named)
),

-- of these accounts all that is known is read, and what the history has of them taken back
resorted as (
    select txn.*
    from source.txn as txn
    inner join resorted_account as account on txn.account_id = account.account_id
),

changed_now as (
    select * from arrived
    union all
    select * from turned
),

changed_before as (
    select * from replaced
    union all
    select * from turned
),

known_now as (
    select changed.*
    from changed_now as changed
    left join resorted_account as account on changed.account_id = account.account_id
    where account.account_id is null
    union all
    select * from resorted
),

known_before as (
    select changed.*
    from changed_before as changed
    left join resorted_account as account on changed.account_id = account.account_id
    where account.account_id is null
),

known as (
    select booked_on from known_now
    union all
    select booked_on from known_before
),

-- reversals near enough to any of these to take it back
known_day as (
    select
        min(known.booked_on - reach.reversal_days) as first_day,
        max(known.booked_on + reach.reversal_days) as last_day
    from known
    cross join reach
),

reversal as (
    select txn.*
    from source.txn as txn
    inner join known_day on txn.booked_on >= known_day.first_day and txn.booked_on <= known_day.last_day
    where txn.reverses_txn_id is not null
),

reversal_held as (
    select * from reversal
    where arrived_on < $business_date
    union all
    select * from replaced
    where reverses_txn_id is not null
),

reversal_now as (
    {{ flow.reversals('reversal', 'known_now') }}
),

reversal_before as (
    {{ flow.reversals('reversal_held', 'known_before') }}
),

flow_now as (
    {{ flow.flows('known_now', 'reversal_now') }}
),

flow_before as (
    {{ flow.flows('known_before', 'reversal_before') }}
),

both_sides as (
    {{ flow.per_day('flow_now') }}
    union all
    {{ flow.per_day('flow_before', -1) }}
    union all
    select
        history.client_id,
        history.booked_on,
        -history.inflow_amt as inflow_amt,
        -history.outflow_amt as outflow_amt,
        -history.fee_amt as fee_amt,
        -history.inflow_count as inflow_count,
        -history.outflow_count as outflow_count,
        -history.client_initiated_count as client_initiated_count,
        -history.attempt_count as attempt_count,
        -history.returned_count as returned_count,
        -history.unconverted_count as unconverted_count,
        -history.txn_count as txn_count
    from former.client_day as history
    inner join features_rolling.resorted_client as resorted on history.client_id = resorted.client_id
),

per_day as (
    select
        client_id,
        booked_on,
        sum(inflow_amt) as inflow_amt,
        sum(outflow_amt) as outflow_amt,
        sum(fee_amt) as fee_amt,
        sum(inflow_count) as inflow_count,
        sum(outflow_count) as outflow_count,
        sum(client_initiated_count) as client_initiated_count,
        sum(attempt_count) as attempt_count,
        sum(returned_count) as returned_count,
        sum(unconverted_count) as unconverted_count,
        sum(txn_count) as txn_count
    from both_sides
    group by client_id, booked_on
),
{% else %}
reversal as (
    select * from source.txn
    where reverses_txn_id is not null
),

reversal_now as (
    {{ flow.reversals('reversal', 'source.txn') }}
),

flow as (
    {{ flow.flows('source.txn', 'reversal_now') }}
),

per_day as (
    {{ flow.per_day('flow') }}
),
{% endif %}

changed as (
    select * from per_day
    where
        txn_count <> 0 or inflow_amt <> 0 or outflow_amt <> 0 or fee_amt <> 0
        or returned_count <> 0 or attempt_count <> 0 or client_initiated_count <> 0 or unconverted_count <> 0
        or inflow_count <> 0 or outflow_count <> 0
)

select * from changed
