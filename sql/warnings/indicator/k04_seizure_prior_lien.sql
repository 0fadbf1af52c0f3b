-- one row per client with secured loans: K04, liens before ours in percent of a value, or a collateral that is seized
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'K04'
),

held as (
    select * from features_collateral.held
),

-- an empty lien is none
measured as (
    select
        client_id,
        loan_id,
        cast(null as varchar) as project_id,
        coalesce(collateral_id is not null and (coalesce(prior_lien_amt, 0) = 0 or value_amt > 0), false)
            as is_assessed,
        case
            when collateral_id is null then null
            when coalesce(prior_lien_amt, 0) = 0 then 0
            else cast(100 * prior_lien_amt / nullif(value_amt, 0) as decimal(18, 6))
        end as value,
        value_amt as baseline,
        coalesce(prior_lien_amt, 0) as second_value,
        coalesce(seized_on, $business_date) as data_date,
        source_keys,
        collateral_id,
        seized_on is not null as is_seized
    from held
),

{{ indicator.judge(
    red_too='measured.is_seized',
    red_threshold='case when not measured.is_seized then rule.red_value end',
    reason_case="case when measured.is_seized then 'seized' end",
    detail='measured.collateral_id',
    many=true
) }}

select * from worst
