-- one row per client with accounts: T07, months of the last 12 overdrawn beyond the limit
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/month.sql' as months %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T07'
),

account as (
    select * from features_balance.known_account
),

-- below its limit is only an account whose level is known, and not one replayed from nothing
overdrawn as (
    select month.*
    from features.account_overdraft_month as month
    inner join account on month.account_id = account.account_id
    where account.known_from is not null
),

account_month as (
    select * from overdrawn
    where is_excess
),

-- overdrawn, and nobody says how far it may be
unlimited as (
    select distinct client_id
    from overdrawn
    where not is_excess
),

-- this month and the eleven before, as far as the balances of all accounts are known
known as (
    select
        client_id,
        case
            when count(*) = count(known_from)
                then least(
                    {{ months.number('$business_date') }}
                    - {{ months.number('greatest(min(first_row_date), max(known_from))') }} + 1,
                    12
                )
        end as months
    from account
    group by client_id
    having min(first_row_date) is not null or count(*) > count(known_from)
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
        coalesce(known.months * 30 >= rule.min_days, false) and unlimited.client_id is null as is_assessed,
        coalesce(excess.months, 0) as value,
        cast(null as decimal(18, 4)) as baseline,
        known.months as second_value,
        $business_date as data_date,
        keys.source_keys
    from known
    cross join rule
    left join excess on known.client_id = excess.client_id
    left join unlimited on known.client_id = unlimited.client_id
    left join keys on known.client_id = keys.client_id
),

{{ indicator.judge() }}

select * from worst
