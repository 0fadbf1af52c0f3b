-- one row per client with debt and deposits: T21, the change of the average balance in 180 days, its share of debt
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T21'
),

exposure as (
    select * from features.client_exposure
    where outstanding_amt > 0
),

balance as (
    select * from features.client_balance
),

-- where there was no money 180 days ago there is no change to speak of, and the share alone counts
measured as (
    select
        exposure.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        balance.is_assessed and exposure.is_assessed
        and balance.days_30d >= rule.window_days and balance.days_180d_ago >= rule.window_days as is_assessed,
        100 * cast(
            balance.avg_30d_amt / nullif(greatest(balance.avg_30d_180d_ago_amt, 0), 0) as decimal(18, 6)
        ) - 100 as value,
        balance.avg_30d_180d_ago_amt as baseline,
        cast(100 * balance.avg_30d_amt / nullif(exposure.outstanding_amt, 0) as decimal(18, 4)) as second_value,
        balance.data_date,
        'client_balance:' || exposure.client_id as source_keys,
        balance.is_assessed and exposure.is_assessed and balance.days_30d >= rule.window_days as knows_share
    from exposure
    inner join balance on exposure.client_id = balance.client_id
    cross join rule
),

{{ indicator.judge(
    amber_if='measured.is_assessed',
    red_too='measured.knows_share and measured.second_value < rule.second_red',
    red_threshold='case
            when measured.is_assessed and measured.value <= rule.red_value then rule.red_value
            else rule.second_red
        end'
) }}

select * from worst
