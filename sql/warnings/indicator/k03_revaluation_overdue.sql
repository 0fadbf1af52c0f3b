-- one row per client with secured loans: K03, days by which the valuation of a collateral is overdue for its kind
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'K03'
),

held as (
    select * from features_collateral.held
),

-- what needs no valuation is never late
measured as (
    select
        client_id,
        loan_id,
        cast(null as varchar) as project_id,
        is_kind_known and (revalue_days is null or valued_on is not null) as is_assessed,
        case
            when not is_kind_known then null
            when revalue_days is null then 0
            else date_diff('day', valued_on, $business_date) - revalue_days
        end as value,
        revalue_days as baseline,
        cast(null as decimal(18, 4)) as second_value,
        valued_on as data_date,
        source_keys,
        collateral_id
    from held
),

{{ indicator.judge(
    detail='measured.collateral_id',
    many=true
) }}

select * from worst
