-- one row per manual tier decision that has been in force for long while the rules say another tier
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
setting as (
    select
        cast(max(case when setting = 'override_review_days' then value end) as integer) as review_days,
        cast(max(case when setting = 'override_notice_days' then value end) as integer) as notice_days
    from policy.task_setting
),

-- in its last days its end is the task (override_expiry), and says the same
differing as (
    select
        client_tier.client_id,
        client_tier.machine_tier,
        override.override_id,
        override.tier,
        override.reason_code,
        override.valid_to,
        date_diff('day', override.valid_from, $business_date) as days,
        cast(override.valid_from + setting.review_days * interval '1' day as date) as started_on
    from tiers.client_tier as client_tier
    inner join staging.override as override
        on client_tier.override_id = override.override_id and client_tier.client_id = override.client_id
    cross join setting
    where
        client_tier.machine_tier <> override.tier
        and date_diff('day', override.valid_from, $business_date) >= setting.review_days
        and date_diff('day', $morning, override.valid_to) > setting.notice_days
),

listed as (
    select
        differing.client_id,
        'override_review' as kind,
        differing.override_id as subject,
        differing.started_on,
        differing.started_on as clock_from,
        special_contact.sla_days,
        {{ candidate.lacking('clock_from', 'sla_days', 'figures') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'after': 'differing.tier',
            'code': 'differing.reason_code',
            'computed': 'differing.machine_tier',
            'days': 'differing.days',
            'date': 'differing.valid_to',
        }) }} as figures
    from differing
    inner join policy.special_contact as special_contact on special_contact.event = 'override_review'
    inner join policy.task_text as task_text on task_text.text = 'override_review'
)

select * from listed
