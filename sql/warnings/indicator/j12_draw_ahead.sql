-- one row per client with a project in construction: J12, how far the draw runs ahead of progress, in points
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'J12'
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
        debt_drawn_pct is not null and physical_pct is not null as is_assessed,
        debt_drawn_pct - physical_pct as value,
        physical_pct as baseline,
        debt_drawn_pct as second_value,
        progress_date as data_date,
        coalesce('project_progress:' || project_id || '|' || cast(progress_date as varchar), 'project:' || project_id)
            as source_keys
    from project
),

{{ indicator.judge(many=true) }}

select * from worst
