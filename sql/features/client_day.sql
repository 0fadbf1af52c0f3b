-- one row per client and booking date whose facts changed tonight: the difference that tonight makes
{% import 'macros/flow.sql' as flow %}
with
{% if is_rebuilt %}
flow as (
    {{ flow.flows('source.txn') }}
),

per_day as (
    {{ flow.per_day('flow') }}
),

{% else %}
arrived as (
    select * from source.txn
    where arrived_on = $business_date
),

replaced as (
    select * from source.txn_superseded
),

-- a fact counts by itself and by the reversal that names it: both move together
touched as (
    select txn_id from arrived
    union
    select txn_id from replaced
    union
    select reverses_txn_id as txn_id from arrived
    where reverses_txn_id is not null
    union
    select reverses_txn_id as txn_id from replaced
    where reverses_txn_id is not null
    union
    select reversal.txn_id
    from source.txn as reversal
    where
        reversal.reverses_txn_id in (
            select txn_id from arrived
            union
            select txn_id from replaced
        )
),

now_known as (
    select * from source.txn
    where txn_id in (select txn_id from touched)
),

known_before as (
    select * from now_known
    where arrived_on < $business_date
    union all
    select * from replaced
),

flow_now as (
    {{ flow.flows('now_known') }}
),

flow_before as (
    {{ flow.flows('known_before') }}
),

after_tonight as (
    {{ flow.per_day('flow_now') }}
),

before_tonight as (
    {{ flow.per_day('flow_before') }}
),

both_sides as (
    select * from after_tonight
    union all
    select
        client_id,
        booked_on,
        -inflow_amt,
        -outflow_amt,
        -fee_amt,
        -inflow_count,
        -outflow_count,
        -client_initiated_count,
        -attempt_count,
        -returned_count,
        -unconverted_count,
        -txn_count
    from before_tonight
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
{% endif %}

changed as (
    select * from per_day
    where
        txn_count <> 0 or inflow_amt <> 0 or outflow_amt <> 0 or fee_amt <> 0
        or returned_count <> 0 or attempt_count <> 0 or client_initiated_count <> 0 or unconverted_count <> 0
        or inflow_count <> 0 or outflow_count <> 0
)

select * from changed
