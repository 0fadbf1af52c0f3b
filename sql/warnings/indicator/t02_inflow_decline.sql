-- one row per client with inflows worth the name: T02, the fall of the daily inflow of 90 days on the 365 before
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T02'
),

-- one row, also where policy sets no amount
amount as (
    select max(amber_amt) as amber_amt
    from policy.indicator_amount
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

owner as (
    select distinct client_id
    from features.project_state
),

-- a month has 365 / 12 days; where the baseline is too short, all known days say whether the client is too small
rates as (
    select
        span.client_id,
        span.last_data_date,
        coalesce(flow.unconverted_455d_count, 0) = 0 as is_converted,
        -- who has a project may be its company, to which this does not apply
        client.is_spv is not null or owner.client_id is null as is_kind_known,
        span.covered_prior_365d_days >= rule.min_days as has_baseline,
        flow.inflow_prior_365d_amt as before_sum,
        span.covered_prior_365d_days as before_days,
        flow.inflow_90d_amt as now_sum,
        span.covered_90d_days as now_days,
        flow.inflow_prior_365d_amt + flow.inflow_90d_amt as all_sum,
        span.covered_prior_365d_days + span.covered_90d_days as all_days,
        coalesce(amount.amber_amt, 0) as least_month_amt
    from span
    inner join client on span.client_id = client.client_id
    inner join flow on span.client_id = flow.client_id
    cross join rule
    cross join amount
    left join owner on span.client_id = owner.client_id
    where not coalesce(client.is_spv, false)
),

rated as (
    select
        *,
        cast(before_sum / nullif(before_days, 0) as decimal(18, 4)) as before_amt,
        cast(now_sum / nullif(now_days, 0) as decimal(18, 4)) as now_amt,
        -- of both rates at once: neither is rounded before it is divided
        cast(now_sum * before_days / nullif(greatest(before_sum, 0) * now_days, 0) as decimal(18, 6)) as share,
        case when has_baseline then before_sum else all_sum end as known_sum,
        case when has_baseline then before_days else all_days end as known_days
    from rates
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        is_converted and has_baseline and is_kind_known as is_assessed,
        case when is_converted and has_baseline and is_kind_known then 100 * (1 - share) end as value,
        before_amt as baseline,
        now_amt as second_value,
        last_data_date as data_date,
        'client_window:' || client_id as source_keys
    from rated
    where
        known_sum > 0 and known_days > 0
        -- a month of 365 / 12 days, to the cent
        and 365 * known_sum >= 12 * known_days * (least_month_amt - 0.005)
        or not is_converted
),

{{ indicator.judge() }}

select * from worst
