-- one row per client with an open settlement account: Q02, working days since its branch sent any transaction
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'Q02'
),

feed as (
    select * from warnings_feed.arrival
    where table_name = 'txn' and branch_id is not null
),

account as (
    select * from staging.account
    where kind = 'settlement' and coalesce(closed_on > $business_date, true)
),

client as (
    select * from staging.client
),

holder as (
    select distinct client_id
    from account
),

-- a quiet client is no broken feed, a branch that is never quiet and now is one is
measured as (
    select
        holder.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        coalesce(feed.is_regular, false) as is_assessed,
        feed.silent_workdays as value,
        cast(null as decimal(18, 4)) as baseline,
        cast(null as decimal(18, 4)) as second_value,
        feed.newest_date as data_date,
        'branch:' || client.branch_id as source_keys
    from holder
    inner join client on holder.client_id = client.client_id
    left join feed on client.branch_id = feed.branch_id
),

{{ indicator.judge(amber_if='measured.is_assessed') }}

select * from worst
