-- one row per company with an open loan, where statements are supplied: Q03, months since the newest period ended
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'Q03'
),

client as (
    select * from staging.client
    where not is_natural_person
),

loan as (
    select * from features.loan_state
    where status <> 'closed'
),

statement as (
    select * from staging.statement
),

supplied as (
    select * from night.supplied
    where table_name = 'statement' and is_supplied
),

borrower as (
    select distinct client.client_id
    from client
    inner join loan on client.client_id = loan.client_id
    cross join supplied
),

newest as (
    select
        client_id,
        max(period_end) as period_end
    from statement
    group by client_id
),

-- months and a fraction of 31 days: above 9 exactly when nine months have passed
measured as (
    select
        borrower.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        newest.period_end is not null as is_assessed,
        12 * (year($business_date) - year(newest.period_end))
        + month($business_date) - month(newest.period_end)
        + (day($business_date) - day(newest.period_end)) / 31.0 as value,
        cast(null as decimal(18, 4)) as baseline,
        cast(null as decimal(18, 4)) as second_value,
        newest.period_end as data_date,
        'statement:' || borrower.client_id || '|' || cast(newest.period_end as varchar) as source_keys
    from borrower
    left join newest on borrower.client_id = newest.client_id
),

{{ indicator.judge() }}

select * from worst
