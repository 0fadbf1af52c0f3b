-- one row per company with accounts published or owed: F09, equity in percent of all assets
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/statement.sql' as statements %}
with
rule as (
    select * from policy.indicator
    where indicator = 'F09'
),

position as (
    select * from features_statement.position
),

figured as (
    select
        *,
        is_current as is_known,
        cast(100 * equity / nullif(total_assets, 0) as decimal(18, 6)) as figure
    from position
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        is_known and figure is not null as is_assessed,
        case when is_known then figure end as value,
        total_assets as baseline,
        equity as second_value,
        period_end as data_date,
        source_keys,
        {{ statements.unread() }}
    from figured
),

{{ indicator.judge(unread_case='measured.unread_as') }}

select * from worst
