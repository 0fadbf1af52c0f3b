-- one row per client with a project in construction: J11, forecast completion against the contract date, in days
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'J11'
),

project as (
    select * from features.project_state
    where stage = 'construction'
),

-- without a forecast, a project still in construction after its contract date slips by a day a day
expected as (
    select
        *,
        coalesce(cod_forecast, case when cod_contract < $business_date then $business_date end) as completes_on
    from project
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        project_id,
        cod_contract is not null and completes_on is not null as is_assessed,
        date_diff('day', cod_contract, completes_on) as value,
        cast(null as decimal(18, 4)) as baseline,
        date_diff('day', longstop_date, completes_on) as second_value,
        $business_date as data_date,
        'project:' || project_id as source_keys,
        completes_on,
        case when completes_on > longstop_date then date_diff('day', cod_contract, longstop_date) end as longstop_days,
        coalesce(completes_on > longstop_date, false) or coalesce($business_date > longstop_date, false)
            as is_past_longstop
    from expected
),

{{ indicator.judge(
    hard='measured.is_past_longstop',
    red_threshold='case when measured.value > rule.red_value then rule.red_value else measured.longstop_days end',
    reason_case="case when measured.is_past_longstop then 'past_longstop' end",
    detail='measured.completes_on',
    many=true
) }}

select * from worst
