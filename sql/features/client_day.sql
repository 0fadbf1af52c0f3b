-- one row per client and booking date whose facts changed tonight: the difference that tonight makes
{% import 'macros/flow.sql' as flow %}
with
{% if is_rolled %}
arrived as (
    select * from source.txn
    where arrived_on = $business_date
),

replaced as (
    select * from source.txn_superseded
),

-- facts held before tonight that a reversal of tonight takes back, or that a replaced reversal took back
named as (
    select reverses_txn_id as txn_id
    from arrived
    where reverses_txn_id is not null
    union
    select reverses_txn_id as txn_id
    from replaced
    where reverses_txn_id is not null
),

turned as (
    select * from source.txn
    where arrived_on < $business_date and txn_id in (select txn_id from named)
),

known_now as (
    select * from arrived
    union all
    select * from turned
),

known_before as (
    select * from replaced
    union all
    select * from turned
),

reversal_held as (
    select * from source.txn
    where reverses_txn_id is not null and arrived_on < $business_date
    union all
    select * from replaced
    where reverses_txn_id is not null
),

reversal_now as (
    {{ flow.reversals('source.txn') }}
),

reversal_before as (
    {{ flow.reversals('reversal_held') }}
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
reversal_now as (
    {{ flow.reversals('source.txn') }}
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
