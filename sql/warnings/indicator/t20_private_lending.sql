-- one row per client with accounts: T20, payments to and from lenders that are no bank (P2P, pawn, guarantee houses)
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T20'
),

amount as (
    select max(red_amt) as red_amt
    from policy.indicator_amount
    where indicator = 'T20'
),

span as (
    select * from features.client_span
),

paid as (
    select
        flow.client_id,
        sum(flow.private_lender_count) as payment_count,
        sum(flow.private_lender_amt) as payment_amt,
        max(flow.booked_on) as last_on
    from features.client_flow_day as flow
    cross join rule
    where
        flow.private_lender_count > 0
        and date_diff('day', flow.booked_on, $business_date) < rule.window_days
    group by flow.client_id
),

measured as (
    select
        span.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        span.covered_365d_days >= rule.min_days as is_assessed,
        coalesce(paid.payment_count, 0) as value,
        cast(null as decimal(18, 4)) as baseline,
        coalesce(paid.payment_amt, 0) as second_value,
        span.last_data_date as data_date,
        'client_flow_day:' || span.client_id as source_keys,
        paid.last_on,
        amount.red_amt
    from span
    cross join rule
    cross join amount
    left join paid on span.client_id = paid.client_id
),

{{ indicator.judge(
    red_too='measured.value >= rule.amber_value and measured.second_value >= measured.red_amt',
    event_on='measured.last_on',
    detail='measured.last_on',
    unread_case="'short_history'"
) }}

select * from worst
