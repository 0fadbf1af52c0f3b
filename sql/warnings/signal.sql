-- one row per client and indicator that fired: severity, value against threshold, since when, and the reason in words
{% import 'macros/reason.sql' as reason %}
with
fired as (
    select * from verdict.fired
),

client as (
    select * from staging.client
),

-- an indicator's usual sentence, and those for its special cases
template as (
    select
        indicator,
        '' as reason_case,
        reason_zh,
        reason_en
    from policy.indicator
    union all
    select
        indicator,
        reason_case,
        reason_zh,
        reason_en
    from policy.indicator_reason
),

-- how each number is to be written, read off the sentence once
wording as (
    select
        indicator,
        reason_case,
        regexp_replace(reason_zh, ':[a-z]+\}', '}', 'g') as template_zh,
        regexp_replace(reason_en, ':[a-z]+\}', '}', 'g') as template_en,
        {{ reason.style_of('reason_zh', 'value') }} as value_style,
        {{ reason.style_of('reason_zh', 'baseline') }} as baseline_style,
        {{ reason.style_of('reason_zh', 'second') }} as second_style,
        {{ reason.style_of('reason_zh', 'line') }} as line_style
    from template
),

worded as (
    select
        fired.*,
        client.branch_id,
        wording.template_zh,
        wording.template_en,
        wording.value_style,
        wording.baseline_style,
        wording.second_style,
        wording.line_style
    from fired
    inner join client on fired.client_id = client.client_id
    left join wording on fired.indicator = wording.indicator and coalesce(fired.reason_case, '') = wording.reason_case
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
