-- one row per client with a project in construction that has a contingency: J10, how far its use runs ahead of
-- progress, in points
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'J10'
),

project as (
    select * from features_project.built_value
    where coalesce(contingency_amt > 0, true)
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        project_id,
        is_current and contingency_used_pct is not null and physical_pct is not null as is_assessed,
        case when is_current then contingency_used_pct - physical_pct end as value,
        physical_pct as baseline,
        contingency_used_pct as second_value,
        progress_date as data_date,
        coalesce(source_keys, 'project:' || project_id) as source_keys
    from project
),

{{ indicator.judge(many=true) }}

select * from worst
