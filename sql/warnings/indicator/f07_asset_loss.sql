-- one row per company with accounts published or owed: F07, loss on assets of the period, in percent of the
-- net assets before it
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/statement.sql' as statements %}
with
rule as (
    select * from policy.indicator
    where indicator = 'F07'
),

position as (
    select * from features_statement.position
),

figured as (
    select
        *,
        is_current as is_known,
        cast(
            100 * impairment_loss_period / nullif(greatest(equity + impairment_loss_period, 0), 0) as decimal(18, 6)
        ) as figure,
        cast(
            100 * impairment_loss_12m / nullif(greatest(equity + impairment_loss_12m, 0), 0) as decimal(18, 6)
        ) as year_pct
    from position
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        is_known and figure is not null as is_assessed,
        case when is_known then figure end as value,
        impairment_loss_period as baseline,
        year_pct as second_value,
        period_end as data_date,
        source_keys,
        {{ statements.unread() }}
    from figured
),

{{ indicator.judge(
    red_too='measured.is_assessed and measured.second_value >= rule.second_red',
    reason_case="case when measured.value < rule.red_value and measured.second_value >= rule.second_red then 'year' end",
    unread_case='measured.unread_as'
) }}

select * from worst
