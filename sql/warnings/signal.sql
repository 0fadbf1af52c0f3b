-- one row per client and indicator that fired: severity, value against threshold, since when, and its sentence
{% import 'macros/words.sql' as words %}
with
fired as (
    select * from warnings_verdict.fired
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
    from policy.indicator_text
    union all
    select
        indicator,
        reason_case,
        reason_zh,
        reason_en
    from policy.indicator_reason
),

-- bands that policy names within a severity, each from its least value, in their order
banded as (
    select
        indicator,
        band,
        min(from_value) as from_value
    from policy.arrears_colour
    group by indicator, band
),

step as (
    select
        indicator,
        band,
        row_number() over (partition by indicator order by from_value asc) as band_step
    from banded
),

-- what an indicator names by a code of policy, as `table:code`, in words
word as (
    select
        'esg_item:' || item as detail,
        name_zh,
        name_en
    from policy.esg_item_text
    union all
    select
        'observation_code:' || code as detail,
        name_zh,
        name_en
    from policy.observation_code_text
),

signal as (
    select
        $business_date as business_date,
        fired.client_id,
        client.branch_id,
        fired.loan_id,
        fired.project_id,
        fired.indicator,
        fired.group_code,
        fired.family,
        fired.severity,
        coalesce(fired.band, fired.severity) as band,
        step.band_step,
        fired.is_hard as hard,
        fired.value,
        fired.threshold,
        fired.baseline,
        fired.second_value,
        fired.unit,
        fired.first_seen,
        fired.reached_on,
        fired.change,
        fired.audience,
        fired.weight,
        fired.min_colour,
        fired.data_date,
        fired.window_days,
        fired.source_keys,
        fired.event_key,
        fired.points,
        fired.rule,
        fired.clears,
        $policy_version as policy_version,
        template.reason_zh,
        template.reason_en,
        {{ words.figures({
            'value': 'fired.value',
            'baseline': 'fired.baseline',
            'second': 'fired.second_value',
            'line': 'fired.threshold',
            'line_when': "fired.direction || ' ' || case when fired.severity = 'red' then fired.red_when else fired.amber_when end",
            'severity': 'fired.severity',
            'amber': 'fired.amber_value',
            'red': 'fired.red_value',
            'second_red': 'fired.second_red',
            'margin': 'fired.clear_margin',
            'detail_zh': 'coalesce(word.name_zh, fired.detail)',
            'detail_en': 'coalesce(word.name_en, fired.detail)',
            'data_date': 'fired.data_date',
        }) }} as figures
    from fired
    inner join client on fired.client_id = client.client_id
    left join word on fired.detail = word.detail
    left join step on fired.indicator = step.indicator and fired.band = step.band
    left join template
        on fired.indicator = template.indicator and coalesce(fired.reason_case, '') = template.reason_case
)

select * from signal
