-- one row per company with accounts published or owed, no project company under construction: F12, how many
-- times earnings before depreciation pay the interest
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'F12'
),

-- one row, also where policy sets no amount
amount as (
    select coalesce(max(amber_amt), 0) as least_amt
    from policy.indicator_amount
    where indicator = 'F12'
),

position as (
    select * from features_statement.position
    where not is_building
),

figured as (
    select
        position.*,
        position.is_current and position.is_kind_known and position.is_stage_known as is_known,
        -- of something small there is no ratio
        coalesce(position.interest_expense_latest < amount.least_amt, false) as is_small,
        cast(position.ebitda_latest / nullif(position.interest_expense_latest, 0) as decimal(18, 6)) as figure
    from position
    cross join amount
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        is_known and (is_small or figure is not null) as is_assessed,
        case when is_known and not is_small then figure end as value,
        interest_expense_latest as baseline,
        ebitda_latest as second_value,
        period_end as data_date,
        source_keys
    from figured
),

{{ indicator.judge() }}

select * from worst
