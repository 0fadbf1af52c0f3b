-- one row per client with covenants tested up to the business date: J17, after how many more tests the line through the
-- last ones meets the limit
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'J17'
),

covenant_table as (
    select is_supplied
    from night.supplied
    where table_name = 'covenant_test'
),

project as (
    select
        project_id,
        client_id
    from features.project_state
),

loan as (
    select
        loan_id,
        client_id
    from features.loan_state
),

trend as (
    select * from features_project.covenant_trend
),

-- what is breached is breached: that is said of the headroom itself
measured as (
    select
        coalesce(project.client_id, loan.client_id) as client_id,
        trend.loan_id,
        trend.project_id,
        trend.is_known as is_assessed,
        case when trend.headroom_pct >= 0 then trend.tests_left end as value,
        trend.headroom_pct as baseline,
        trend.tests as second_value,
        trend.test_date as data_date,
        'covenant_test:' || trend.covenant_id || '|' || cast(trend.test_date as varchar) as source_keys,
        trend.name
    from trend
    left join project on trend.project_id = project.project_id
    left join loan on trend.loan_id = loan.loan_id
    where coalesce(project.client_id, loan.client_id) is not null
    union all
    select
        project.client_id,
        cast(null as varchar) as loan_id,
        project.project_id,
        false as is_assessed,
        cast(null as decimal(18, 4)) as value,
        cast(null as decimal(18, 4)) as baseline,
        cast(null as decimal(18, 4)) as second_value,
        $business_date as data_date,
        'project:' || project.project_id as source_keys,
        cast(null as varchar) as name
    from project
    cross join covenant_table
    where not covenant_table.is_supplied
),

{{ indicator.judge(
    reason_case="case when measured.value = 0 then 'met' end",
    detail='measured.name',
    many=true
) }}

select * from worst
