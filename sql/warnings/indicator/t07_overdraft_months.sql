-- one row per client with an account whose balance is known: T07, months of the last 12 overdrawn beyond the limit
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T07'
),

account_month as (
    select * from features.account_overdraft_month
),

-- a bit per month: two accounts in excess in one month are one month
by_client as (
    select
        client_id,
        bit_or(1 << month(month)) as known,
        bit_or(case when is_excess then 1 << month(month) else 0 end) as excess
    from account_month
    group by client_id
),

excess_account as (
    select distinct
        client_id,
        account_id
    from account_month
    where is_excess
),

numbered as (
    select
        client_id,
        account_id,
        row_number() over (partition by client_id order by account_id asc) as place
    from excess_account
),

keys as (
    select
        client_id,
        string_agg('account:' || account_id, ';' order by account_id asc) as source_keys
    from numbered
    where place <= 5
    group by client_id
),

measured as (
    select
        by_client.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        cast(bit_count(by_client.known) as integer) * 30 >= rule.min_days as is_assessed,
        cast(bit_count(by_client.excess) as integer) as value,
        cast(null as decimal(18, 4)) as baseline,
        cast(bit_count(by_client.known) as integer) as second_value,
        $business_date as data_date,
        keys.source_keys
    from by_client
    cross join rule
    left join keys on by_client.client_id = keys.client_id
),

{{ indicator.judge() }}

select * from worst
