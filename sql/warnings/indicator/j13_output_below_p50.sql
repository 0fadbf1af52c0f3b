-- one row per client with a project that has run for a year and is paid by output: J13, the output of the last twelve
-- months in percent of its P50
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'J13'
),

column_supplied as (
    select count(*) as columns
    from night.supplied_column
    where table_name = 'project_cashflow' and column_name in ('output', 'output_p50')
),

-- what is paid for being available has no output to fall short of
project as (
    select cover.*
    from features_project.cover as cover
    cross join column_supplied
    where coalesce(cover.has_run_a_year, true) and (cover.has_planned_output or column_supplied.columns < 2)
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        project_id,
        output_12m_pct is not null as is_assessed,
        output_12m_pct as value,
        output_p50_12m as baseline,
        output_12m as second_value,
        actual_on as data_date,
        coalesce(
            'project_cashflow:' || project_id || '|' || cast(actual_on as varchar) || '|actual',
            'project:' || project_id
        ) as source_keys
    from project
),

{{ indicator.judge(many=true) }}

select * from worst
