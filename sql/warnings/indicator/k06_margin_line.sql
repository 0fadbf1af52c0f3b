-- one row per client whose loans traded shares secure: K06, their value as a multiple of their margin line
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'K06'
),

held as (
    select * from features_collateral.held
    where margin_line_amt is not null or is_traded or collateral_id is null
),

measured as (
    select
        client_id,
        loan_id,
        cast(null as varchar) as project_id,
        coalesce(margin_line_amt > 0 and value_amt is not null, false) as is_assessed,
        cast(value_amt / nullif(margin_line_amt, 0) as decimal(18, 6)) as value,
        margin_line_amt as baseline,
        value_amt as second_value,
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
