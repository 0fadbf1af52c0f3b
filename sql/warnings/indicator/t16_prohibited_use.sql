-- one row per client that drew a loan in 90 days: T16, how much of one draw went where loans may not go, by up to three
-- payments
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/trail.sql' as trails %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T16'
),

amount as (
    select max(red_amt) as red_amt
    from policy.indicator_amount
    where indicator = 'T16'
),

{{ trails.followed('prohibited', line='amount') }}

{{ indicator.judge(
    amber_if='measured.may_fire',
    red_if='measured.is_assessed',
    red_too='measured.is_assessed and measured.part_amt >= measured.red_amt',
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
