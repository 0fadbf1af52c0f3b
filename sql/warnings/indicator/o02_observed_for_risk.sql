-- one row per client that was observed: O02, suspicions that people reported, for risk alone
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/observed.sql' as observed %}
with
rule as (
    select * from policy.indicator
    where indicator = 'O02'
),

{{ observed.measured() }},

{{ indicator.judge(
    red_too='measured.is_grave',
    red_threshold='rule.amber_value',
    reason_case="case when measured.is_unchecked then 'unchecked' end",
    detail='measured.label'
) }}

select * from worst
