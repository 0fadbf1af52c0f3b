-- one row per company with accounts published or owed: F18, guarantees given for others in percent of net
-- assets
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/statement.sql' as statements %}
with
rule as (
    select * from policy.indicator
    where indicator = 'F18'
),

position as (
    select * from features_statement.position
),

figured as (
    select
        *,
        is_current as is_known,
        case
            when external_guarantees = 0 then 0
            else cast(100 * external_guarantees / nullif(greatest(equity, 0), 0) as decimal(18, 6))
        end as figure
    from position
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        coalesce(is_known and figure is not null, false) as is_assessed,
        case when is_known then figure end as value,
        equity as baseline,
        external_guarantees as second_value,
        period_end as data_date,
        source_keys,
        coalesce(is_known and equity <= 0 and external_guarantees > 0, false) as has_no_equity,
        {{ statements.unread() }}
    from figured
),

{{ indicator.judge(
    red_too='measured.has_no_equity',
    reason_case="case when measured.has_no_equity then 'no_equity' end",
    unread_case='measured.unread_as'
) }}

select * from worst
