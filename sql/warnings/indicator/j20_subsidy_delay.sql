-- one row per client with a project in operation that is owed a subsidy: J20, by how many days a subsidy or tariff
-- payment is late
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'J20'
),

column_supplied as (
    select count(*) as columns
    from night.supplied_column
    where table_name = 'project_cashflow' and column_name = 'subsidy_days_late'
),

period as (
    select
        *,
        row_number() over (partition by project_id order by period_end desc) as place
    from features_project.period
    where kind = 'actual'
),

-- without a subsidy none is late
owed as (
    select project_id
    from period
    group by project_id
    having count(subsidy_days_late) > 0
),

measured as (
    select
        project.client_id,
        cast(null as varchar) as loan_id,
        project.project_id,
        project.is_actual_current and newest.subsidy_days_late is not null as is_assessed,
        case when project.is_actual_current then newest.subsidy_days_late end as value,
        cast(null as decimal(18, 4)) as baseline,
        cast(null as decimal(18, 4)) as second_value,
        newest.period_end as data_date,
        coalesce(
            'project_cashflow:' || project.project_id || '|' || cast(newest.period_end as varchar) || '|actual',
            'project:' || project.project_id
        ) as source_keys
    from features_project.cover as project
    cross join column_supplied
    left join period as newest on project.project_id = newest.project_id and newest.place = 1
    left join owed on project.project_id = owed.project_id
    where owed.project_id is not null or column_supplied.columns < 1
),

{{ indicator.judge(many=true) }}

select * from worst
