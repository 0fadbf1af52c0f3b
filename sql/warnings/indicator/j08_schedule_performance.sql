-- one row per client with a project in construction: J08, value earned over value planned (SPI)
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'J08'
),

project as (
    select * from features_project.built_value
),

-- of little planned there is no ratio: assessed, and quiet
measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        project_id,
        is_current and budget_amt is not null and (is_little_planned or spi is not null) as is_assessed,
        case when is_current and not is_little_planned then spi end as value,
        planned_value as baseline,
        earned_value as second_value,
        progress_date as data_date,
        coalesce(source_keys, 'project:' || project_id) as source_keys
    from project
),

{{ indicator.judge(many=true) }}

select * from worst
