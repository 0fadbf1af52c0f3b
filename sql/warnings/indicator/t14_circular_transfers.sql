-- one row per company with an account: T14, what came round in circles of payments, of its inflow of 90 days
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T14'
),

setting as (
    select max(case when setting = 'least_traced_pct' then value end) as least_traced_pct
    from policy.trail_setting
),

client as (
    select * from staging.client
    where not is_natural_person
),

span as (
    select * from features.client_span
),

circle as (
    select
        *,
        path || coalesce(' | ' || hub_nodes, '') as told_path
    from features.client_circle
),

-- who paid nobody sent nothing round, and all of that was followed
measured as (
    select
        client.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        span.covered_365d_days >= rule.min_days
        and coalesce(flow.unconverted_90d_count = 0, true)
        and coalesce(circle.traced_pct, 100) >= setting.least_traced_pct as is_assessed,
        cast(
            case
                when coalesce(circle.circled_amt, 0) = 0 then 0
                else cast(100 * circle.circled_amt / nullif(flow.inflow_90d_amt, 0) as decimal(18, 6))
            end as decimal(18, 4)
        ) as value,
        cast(flow.inflow_90d_amt as decimal(18, 4)) as baseline,
        coalesce(circle.traced_pct, 100) as second_value,
        span.last_data_date as data_date,
        'client_circle:' || client.client_id as source_keys,
        circle.last_on,
        circle.told_path,
        circle.hub_nodes,
        coalesce(circle.traced_pct, 100) < setting.least_traced_pct as is_elsewhere,
        span.covered_365d_days >= rule.min_days as may_fire
    from client
    inner join span on client.client_id = span.client_id
    cross join rule
    cross join setting
    left join circle on client.client_id = circle.client_id
    left join features.client_window as flow on client.client_id = flow.client_id
),

-- what is seen to come round is told, however much else is not seen
{{ indicator.judge(
    amber_if='measured.may_fire',
    red_if='measured.is_assessed',
    event_on='measured.last_on',
    detail='measured.told_path',
    reason_case="case when measured.hub_nodes is not null then 'hub' end",
    unseen='measured.is_elsewhere and measured.may_fire',
    unread_case="case
            when not measured.may_fire then 'short_history'
            when measured.is_elsewhere then 'money_elsewhere'
        end"
) }}

select * from worst
