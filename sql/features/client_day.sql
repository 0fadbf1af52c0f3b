-- one row per client and booking date whose facts changed tonight: the difference that tonight makes
{% import 'macros/flow.sql' as flow %}
with
{% if is_rolled %}
change as (
    select * from features_rolling.flow_change
    where part = 'changed'
),

flow_now as (
    select * from change
    where sign = 1
),

flow_before as (
    select * from change
    where sign = -1
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
        -history.payroll_amt as payroll_amt,
        -history.payroll_count as payroll_count,
        -history.tax_amt as tax_amt,
        -history.tax_count as tax_count,
        -history.social_security_count as social_security_count,
        -history.utility_amt as utility_amt,
        -history.cash_amt as cash_amt,
        -history.lender_inflow_amt as lender_inflow_amt,
        -history.private_lender_amt as private_lender_amt,
        -history.private_lender_count as private_lender_count,
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
        sum(payroll_amt) as payroll_amt,
        sum(payroll_count) as payroll_count,
        sum(tax_amt) as tax_amt,
        sum(tax_count) as tax_count,
        sum(social_security_count) as social_security_count,
        sum(utility_amt) as utility_amt,
        sum(cash_amt) as cash_amt,
        sum(lender_inflow_amt) as lender_inflow_amt,
        sum(private_lender_amt) as private_lender_amt,
        sum(private_lender_count) as private_lender_count,
        sum(txn_count) as txn_count
    from both_sides
    group by client_id, booked_on
),
{% else %}
reach as (
    select cast(value as integer) as reversal_days from policy.flow_setting
    where setting = 'reversal_days'
),

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
        or inflow_count <> 0 or outflow_count <> 0 or payroll_count <> 0 or payroll_amt <> 0 or tax_count <> 0
        or tax_amt <> 0
        or social_security_count <> 0 or utility_amt <> 0 or cash_amt <> 0 or lender_inflow_amt <> 0
        or private_lender_amt <> 0 or private_lender_count <> 0
)

select * from changed
