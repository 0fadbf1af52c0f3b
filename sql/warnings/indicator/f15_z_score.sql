-- one row per company with accounts published or owed, no project company: F15, Altman's Z'' without
-- its constant
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/statement.sql' as statements %}
with
rule as (
    select * from policy.indicator
    where indicator = 'F15'
),

position as (
    select * from features_statement.position
    where not is_project_company
),

figured as (
    select
        *,
        is_current and is_kind_known as is_known,
        6.56 * cast((current_assets - current_liabilities) / nullif(total_assets, 0) as decimal(18, 6))
        + 3.26 * cast(retained_earnings / nullif(total_assets, 0) as decimal(18, 6))
        + 6.72 * cast(ebit_12m / nullif(total_assets, 0) as decimal(18, 6))
        + 1.05 * cast(equity / nullif(total_liabilities, 0) as decimal(18, 6)) as figure
    from position
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        coalesce(is_known and (figure is not null or (total_liabilities = 0 and ebit_12m is not null)), false)
            as is_assessed,
        case when is_known then figure end as value,
        cast(null as decimal(18, 4)) as baseline,
        cast(null as decimal(18, 4)) as second_value,
        period_end as data_date,
        source_keys,
        {{ statements.unread() }}
    from figured
),

{{ indicator.judge(unread_case='measured.unread_as') }}

select * from worst
