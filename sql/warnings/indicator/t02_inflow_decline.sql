-- one row per client with inflows worth the name: T02, the fall of the daily inflow of 90 days on the 365 before
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T02'
),

amount as (
    select * from policy.indicator_amount
    where indicator = 'T02'
),

client as (
    select * from staging.client
),

span as (
    select * from features.client_span
),

flow as (
    select * from features.client_window
),

-- a month has 365 / 12 days; where the baseline is too short, all known days say whether the client is too small
rates as (
    select
        span.client_id,
        span.last_data_date,
        coalesce(flow.unconverted_455d_count, 0) = 0 as is_converted,
        span.covered_prior_365d_days >= rule.min_days as has_baseline,
        flow.inflow_prior_365d_amt / nullif(span.covered_prior_365d_days, 0) as before_amt,
        flow.inflow_90d_amt / nullif(span.covered_90d_days, 0) as now_amt,
        365.0 / 12 * case
            when span.covered_prior_365d_days >= rule.min_days
                then flow.inflow_prior_365d_amt / span.covered_prior_365d_days
            else
                (flow.inflow_prior_365d_amt + flow.inflow_90d_amt)
                / nullif(span.covered_prior_365d_days + span.covered_90d_days, 0)
        end as month_amt,
        coalesce(amount.amber_amt, 0) as least_month_amt
    from span
    inner join client on span.client_id = client.client_id
    inner join flow on span.client_id = flow.client_id
    cross join rule
    left join amount on true
    where not coalesce(client.is_spv, false)
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        is_converted and has_baseline as is_assessed,
        case
            when is_converted and has_baseline and before_amt > 0
                then cast(100 * (1 - now_amt / before_amt) as decimal(18, 4))
        end as value,
        before_amt as baseline,
        now_amt as second_value,
        last_data_date as data_date,
        'client_window:' || client_id as source_keys
    from rates
    where cast(month_amt as decimal(18, 2)) >= least_month_amt and month_amt > 0 or not is_converted
),

{{ indicator.judge() }}

select * from worst
