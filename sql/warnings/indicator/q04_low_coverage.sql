-- one row per client with an applicable indicator whose tables are supplied: Q04, the share of them that is assessed
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'Q04'
),

reading as (
    select * from warnings_verdict.reading
    where is_counted
),

-- what the bank never supplies is named beside the colour; here is only what a feed that is there fails to tell
coverage as (
    select
        client_id,
        count(*) as applicable_count,
        sum(case when is_assessed then 1 else 0 end) as assessed_count
    from reading
    where missing is null or is_assessed
    group by client_id
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        true as is_assessed,
        cast(100 * assessed_count / nullif(applicable_count, 0) as decimal(18, 6)) as value,
        applicable_count as baseline,
        assessed_count as second_value,
        $business_date as data_date,
        cast(null as varchar) as source_keys
    from coverage
),

{{ indicator.judge() }}

select * from worst
