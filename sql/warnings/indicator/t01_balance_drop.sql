-- one row per client with deposits before the last 30 days: T01, the fall of their average on the 90 days before
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T01'
),

-- one row, also where policy sets no amount
amount as (
    select max(red_amt) as red_amt
    from policy.indicator_amount
    where indicator = 'T01'
),

balance as (
    select * from features.client_balance
),

-- the two windows together are policy's min_days; a balance history that is shorter has no average to compare with
measured as (
    select
        balance.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        balance.is_assessed
        and balance.avg_30d_amt is not null
        and balance.days_30d + balance.days_prior_90d >= rule.min_days as is_assessed,
        100 * (
            1 - cast(balance.avg_30d_amt / nullif(greatest(balance.avg_prior_90d_amt, 0), 0) as decimal(18, 6))
        ) as value,
        balance.avg_prior_90d_amt as baseline,
        balance.avg_30d_amt as second_value,
        balance.data_date,
        'client_balance:' || balance.client_id as source_keys,
        balance.month_avg_p05_amt,
        balance.is_assessed and balance.days_30d + balance.days_prior_90d < rule.min_days as is_short,
        amount.red_amt
    from balance
    cross join rule
    cross join amount
    where
        balance.avg_prior_90d_amt > 0
        or not balance.is_assessed
        or balance.days_30d + balance.days_prior_90d < rule.min_days
),

-- once a year of months exists, a fall within the client's own range is not a signal
{{ indicator.judge(
    amber_if='measured.is_assessed and coalesce(measured.second_value < measured.month_avg_p05_amt, true)',
    red_if='measured.baseline - measured.second_value >= coalesce(measured.red_amt, 0)',
    guard_case="'own_range'",
    unread_case="case when measured.is_short then 'short_history' end"
) }}

select * from worst
