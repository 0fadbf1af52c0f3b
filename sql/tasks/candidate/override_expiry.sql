-- one row per manual tier decision in force that ends soon
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
setting as (
    select cast(max(case when setting = 'override_notice_days' then value end) as integer) as notice_days
    from policy.task_setting
),

ending as (
    select
        override.client_id,
        override.override_id,
        override.reason_code,
        override.tier,
        override.valid_to,
        client_tier.machine_tier,
        date_diff('day', $morning, override.valid_to) as days_left,
        greatest(
            override.valid_from, cast(override.valid_to - setting.notice_days * interval '1' day as date)
        ) as started_on
    from tiers.client_tier as client_tier
    inner join staging.override as override
        on client_tier.override_id = override.override_id and client_tier.client_id = override.client_id
    cross join setting
    where
        override.valid_to >= $morning
        and date_diff('day', $morning, override.valid_to) <= setting.notice_days
),

listed as (
    select
        ending.client_id,
        'override_expiry' as kind,
        ending.override_id as subject,
        ending.started_on,
        ending.started_on as clock_from,
        special_contact.sla_days,
        ending.valid_to as latest_on,
        {{ candidate.lacking('clock_from', 'sla_days', 'latest_on', 'figures') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'after': 'ending.tier',
            'code': 'ending.reason_code',
            'date': 'ending.valid_to',
            'days': 'ending.days_left',
            'computed': 'ending.machine_tier',
        }) }} as figures
    from ending
    inner join policy.special_contact as special_contact on special_contact.event = 'override_expiry'
    inner join policy.task_text as task_text
        on
            case
                when ending.machine_tier <> ending.tier then 'override_expiry_differs'
                else 'override_expiry'
            end
            = task_text.text
)

select * from listed
