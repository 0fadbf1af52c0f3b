-- one row per client with a project in operation that sells on credit: J14, by how many days what its buyer owes is
-- older than the contract allows
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'J14'
),

column_supplied as (
    select count(*) as columns
    from night.supplied_column
    where table_name = 'project_cashflow' and column_name in ('offtaker_receivable_days', 'offtaker_contract_days')
),

period as (
    select
        *,
        row_number() over (partition by project_id order by period_end desc) as place
    from features_project.period
    where kind = 'actual'
),

-- without a buyer on credit (a toll road) nothing is owed
owed as (
    select project_id
    from period
    group by project_id
    having count(offtaker_receivable_days) > 0
),

measured as (
    select
        project.client_id,
        cast(null as varchar) as loan_id,
        project.project_id,
        project.is_actual_current
        and newest.offtaker_receivable_days is not null
        and newest.offtaker_contract_days is not null as is_assessed,
        case when project.is_actual_current then newest.offtaker_receivable_days - newest.offtaker_contract_days end
            as value,
        newest.offtaker_contract_days as baseline,
        newest.offtaker_receivable_days as second_value,
        newest.period_end as data_date,
        coalesce(
            'project_cashflow:' || project.project_id || '|' || cast(newest.period_end as varchar) || '|actual',
            'project:' || project.project_id
        ) as source_keys
    from features_project.cover as project
    cross join column_supplied
    left join period as newest on project.project_id = newest.project_id and newest.place = 1
    left join owed on project.project_id = owed.project_id
    where owed.project_id is not null or column_supplied.columns < 2
),

{{ indicator.judge(many=true) }}

select * from worst
