-- one row per client with accounts: T08, payments returned in 30 days, and their share of the attempts
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T08'
),

span as (
    select * from features.client_span
),

flow as (
    select * from features.client_window
),

measured as (
    select
        span.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        true as is_assessed,
        coalesce(flow.returned_30d_count, 0) as value,
        coalesce(flow.attempt_30d_count, 0) as baseline,
        cast(100.0 * flow.returned_30d_count / nullif(flow.attempt_30d_count, 0) as decimal(18, 4)) as second_value,
        span.last_data_date as data_date,
        'client_window:' || span.client_id as source_keys
    from span
    left join flow on span.client_id = flow.client_id
),

-- one returned payment of three is no pattern: the share counts from the amber count on
{{ indicator.judge(
    red_too='measured.value >= rule.amber_value and measured.second_value >= rule.second_red',
    red_threshold='case when measured.value >= rule.red_value then rule.red_value else rule.second_red end'
) }}

select * from worst
