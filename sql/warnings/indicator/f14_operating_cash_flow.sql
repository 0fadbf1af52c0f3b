-- one row per company with accounts published or owed, no project company under construction: F14, periods in
-- a row whose operations cost cash, two at most
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'F14'
),

position as (
    select * from features_statement.position
    where not is_building
),

figured as (
    select
        *,
        is_current and is_kind_known and is_stage_known as is_known,
        case
            when operating_cash_flow_period >= 0 then 0
            when operating_cash_flow_period < 0 and before_operating_cash_flow_period < 0 then 2
            when operating_cash_flow_period < 0 then 1
        end as figure
    from position
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        is_known and figure is not null as is_assessed,
        case when is_known then figure end as value,
        before_operating_cash_flow_period as baseline,
        operating_cash_flow_period as second_value,
        period_end as data_date,
        before_keys as source_keys
    from figured
),

{{ indicator.judge() }}

select * from worst
