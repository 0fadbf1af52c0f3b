-- one row per company with accounts published or owed, no project company: F02, points that debt
-- over assets rose since the year began
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/statement.sql' as statements %}
with
rule as (
    select * from policy.indicator
    where indicator = 'F02'
),

position as (
    select * from features_statement.position
    where not is_project_company
),

figured as (
    select
        *,
        is_current and is_kind_known as is_known,
        debt_ratio_pct - opening_debt_ratio_pct as figure
    from position
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        is_known and figure is not null as is_assessed,
        case when is_known then figure end as value,
        opening_debt_ratio_pct as baseline,
        debt_ratio_pct as second_value,
        period_end as data_date,
        opening_keys as source_keys,
        {{ statements.unread() }}
    from figured
),

{{ indicator.judge(unread_case='measured.unread_as') }}

select * from worst
