-- one row per client that drew a loan in 90 days: T15, how much of one draw came back to it or a party related to it,
-- by up to three payments
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/trail.sql' as trails %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T15'
),

{{ trails.followed('returned') }}

-- what rests on a part of the way alone is amber at most, and never hard
{{ indicator.judge(
    amber_if='measured.may_fire',
    red_if='measured.is_assessed',
    hard='measured.is_assessed and measured.value >= rule.red_value',
    event_on='measured.last_on',
    detail='measured.told_path',
    reason_case="case when measured.hub_nodes is not null then 'hub' end",
    unseen='measured.is_elsewhere and measured.may_fire',
    unread_case="case
            when not measured.may_fire then 'short_history'
            when measured.is_elsewhere then 'money_elsewhere'
        end",
    many=true
) }}

select * from worst
