-- one row per client and indicator that fired: severity, value against threshold, since when, and the reason in words
{% import 'macros/reason.sql' as reason %}
with
fired as (
    select * from verdict.fired
),

wording as (
    select * from policy.indicator_reason
),

client as (
    select * from staging.client
),

worded as (
    select
        fired.*,
        client.branch_id,
        coalesce(wording.reason_zh, fired.plain_reason_zh) as template_zh,
        coalesce(wording.reason_en, fired.plain_reason_en) as template_en
    from fired
    inner join client on fired.client_id = client.client_id
    left join wording on fired.indicator = wording.indicator and fired.reason_case = wording.reason_case
),

signal as (
    select
        $business_date as business_date,
        client_id,
        branch_id,
        loan_id,
        project_id,
        indicator,
        group_code,
        severity,
        is_hard as hard,
        value,
        threshold,
        baseline,
        second_value,
        unit,
        first_seen,
        change,
        audience,
        weight,
        min_colour,
        data_date,
        window_days,
        source_keys,
        event_key,
        points,
        $policy_version as policy_version,
        {{ reason.filled('template_zh', 'zh') }} as reason_zh,
        {{ reason.filled('template_en', 'en') }} as reason_en
    from worded
)

select * from signal
