-- one row per client with a project in construction: J07, how far the equity paid in lags the debt drawn, in points
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'J07'
),

project as (
    select * from features.project_state
    where stage = 'construction'
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        project_id,
        equity_paid_pct is not null and debt_drawn_pct is not null as is_assessed,
        debt_drawn_pct - equity_paid_pct as value,
        equity_paid_pct as baseline,
        debt_drawn_pct as second_value,
        progress_date as data_date,
        coalesce('project_progress:' || project_id || '|' || cast(progress_date as varchar), 'project:' || project_id)
            as source_keys
    from project
),

{{ indicator.judge(many=true) }}

select * from worst
