-- one row per client with drawn loans and an account for draws: T19, how much of all that was drawn lies there and was
-- drawn more than 60 days ago
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T19'
),

draw_table as (
    select is_supplied
    from night.supplied
    where table_name = 'disbursement'
),

loan as (
    select * from staging.loan
    where is_open
),

account as (
    select
        known.client_id,
        known.known_from,
        held.balance_base_amt,
        held.row_date
    from features_balance.known_account as known
    inner join features.account_balance as held on known.account_id = held.account_id
    where held.kind = 'disbursement' and held.is_open
),

balance as (
    select
        client_id,
        sum(greatest(balance_base_amt, 0)) as balance_amt,
        max(row_date) as row_date,
        count(*) = count(known_from) and count(*) = count(balance_base_amt) as is_known
    from account
    group by client_id
),

draw as (
    select
        loan.client_id,
        disbursement.drawn_on,
        cast(disbursement.amount * loan.rate as decimal(18, 2)) as amount
    from source.disbursement as disbursement
    inner join loan on disbursement.loan_id = loan.loan_id
    where disbursement.drawn_on <= $business_date
),

drawn as (
    select
        draw.client_id,
        sum(draw.amount) as drawn_amt,
        coalesce(
            sum(case when date_diff('day', draw.drawn_on, $business_date) <= rule.window_days then draw.amount end), 0
        ) as recent_amt,
        count(*) = count(draw.amount) as is_known
    from draw
    cross join rule
    group by draw.client_id
),

-- whether anything was drawn is not known without the table
measured as (
    select
        balance.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        balance.is_known and coalesce(drawn.is_known, false) as is_assessed,
        cast(
            100 * greatest(balance.balance_amt - drawn.recent_amt, 0) / nullif(drawn.drawn_amt, 0) as decimal(18, 4)
        ) as value,
        drawn.drawn_amt as baseline,
        greatest(balance.balance_amt - drawn.recent_amt, 0) as second_value,
        balance.row_date as data_date,
        'account_balance:' || balance.client_id as source_keys
    from balance
    cross join draw_table
    left join drawn on balance.client_id = drawn.client_id
    where drawn.drawn_amt > 0 or not drawn.is_known or not draw_table.is_supplied
),

{{ indicator.judge(amber_if='measured.is_assessed') }}

select * from worst
