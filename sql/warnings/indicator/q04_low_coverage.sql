-- one row per client with an applicable indicator: Q04, the share of them that could be assessed
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'Q04'
),

coverage as (
    select * from verdict.coverage
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        true as is_assessed,
        100 * coverage as value,
        applicable_count as baseline,
        assessed_count as second_value,
        $business_date as data_date,
        cast(null as varchar) as source_keys
    from coverage
),

{{ indicator.judge() }}

select * from worst
