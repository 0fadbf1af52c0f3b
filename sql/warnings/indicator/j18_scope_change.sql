-- one row per client with a project in construction: J18, approved change orders in percent of the budget
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'J18'
),

project as (
    select * from features_project.built_value
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        project_id,
        is_current and change_order_pct is not null as is_assessed,
        case when is_current then change_order_pct end as value,
        budget_amt as baseline,
        abs(change_order_amt) as second_value,
        progress_date as data_date,
        coalesce(source_keys, 'project:' || project_id) as source_keys
    from project
),

{{ indicator.judge(many=true) }}

select * from worst
