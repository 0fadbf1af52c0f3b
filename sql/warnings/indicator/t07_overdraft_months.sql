-- one row per client with an account whose balance is known: T07, months of the last 12 overdrawn beyond the limit
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T07'
),

account_month as (
    select * from features.account_overdraft_month
    where is_excess
),

-- this month and the eleven before, as far as balances are known
known as (
    select
        client_id,
        least(date_diff('month', min(first_row_date), $business_date) + 1, 12) as months
    from features.account_balance
    group by client_id
),

-- two accounts in excess in one month are one month
excess as (
    select
        client_id,
        count(distinct month) as months
    from account_month
    group by client_id
),

excess_account as (
    select distinct
        client_id,
        account_id
    from account_month
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
        known.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        known.months * 30 >= rule.min_days as is_assessed,
        coalesce(excess.months, 0) as value,
        cast(null as decimal(18, 4)) as baseline,
        known.months as second_value,
        $business_date as data_date,
        keys.source_keys
    from known
    cross join rule
    left join excess on known.client_id = excess.client_id
    left join keys on known.client_id = keys.client_id
),

{{ indicator.judge() }}

select * from worst
