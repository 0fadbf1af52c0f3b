-- one row per client with secured loans: K02, how far the last valuation of a collateral fell below the one before
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'K02'
),

held as (
    select
        held.*,
        date_diff('day', held.valued_on, $business_date) < rule.window_days as is_recent
    from features_collateral.held as held
    cross join rule
),

-- a value that nobody saw before its last valuation has not been seen to fall
measured as (
    select
        client_id,
        loan_id,
        cast(null as varchar) as project_id,
        coalesce(value_amt is not null and valued_on is not null and before_value_amt > 0, false) as is_assessed,
        case
            when is_recent
                then cast(100 * (before_value_amt - value_amt) / nullif(before_value_amt, 0) as decimal(18, 6))
            when before_value_amt > 0 then 0
        end as value,
        before_value_amt as baseline,
        value_amt as second_value,
        valued_on as data_date,
        source_keys,
        collateral_id,
        value_amt is not null and valued_on is not null and before_valued_on is null as is_first
    from held
),

{{ indicator.judge(
    detail='measured.collateral_id',
    unread_case="case when measured.is_first and measured.baseline is null then 'one_valuation' end",
    many=true
) }}

select * from worst
