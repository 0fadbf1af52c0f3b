-- one row per company with accounts published or owed, no project company: F03, growth of
-- interest-bearing debt in twelve months
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'F03'
),

-- one row, also where policy sets no amount
amount as (
    select coalesce(max(amber_amt), 0) as least_amt
    from policy.indicator_amount
    where indicator = 'F03'
),

position as (
    select * from features_statement.position
    where not is_project_company
),

figured as (
    select
        position.*,
        position.is_current and position.is_kind_known as is_known,
        -- of something small there is no ratio
        coalesce(position.year_ago_total_debt < amount.least_amt, false) as is_small,
        cast(100 * position.total_debt / nullif(position.year_ago_total_debt, 0) as decimal(18, 6)) - 100 as figure
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
        year_ago_total_debt as baseline,
        total_debt as second_value,
        period_end as data_date,
        year_ago_keys as source_keys
    from figured
),

{{ indicator.judge() }}

select * from worst
