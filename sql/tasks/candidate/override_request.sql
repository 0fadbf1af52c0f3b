-- one row per manual tier decision that has not ended and does not hold: not approved, or not as the rules want it
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
setting as (
    select cast(max(case when setting = 'override_max_days' then value end) as integer) as max_days
    from policy.tier_setting
),

-- who asks for a decision is never who approves it
waiting as (
    select
        client_tier.client_id,
        client_tier.machine_tier,
        override.override_id,
        override.tier,
        override.reason_code,
        override.requested_by,
        override.valid_from,
        override.valid_to,
        case override.refused_because
            when 'not_approved' then 'override_request'
            when 'self_approved' then 'override_self_approved'
            else 'override_refused'
        end as text
    from staging.override as override
    inner join tiers.client_tier as client_tier on override.client_id = client_tier.client_id
    where not override.is_valid and greatest(override.valid_from, override.valid_to) >= $morning
),

listed as (
    select
        waiting.client_id,
        'override_request' as kind,
        waiting.override_id as subject,
        waiting.valid_from as started_on,
        waiting.valid_from as clock_from,
        special_contact.sla_days,
        {{ candidate.lacking('clock_from', 'sla_days', 'figures') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'after': 'waiting.tier',
            'code': 'waiting.reason_code',
            'maker': 'waiting.requested_by',
            'from': 'waiting.valid_from',
            'to': 'waiting.valid_to',
            'computed': 'waiting.machine_tier',
            'max': 'setting.max_days',
        }) }} as figures
    from waiting
    cross join setting
    inner join policy.special_contact as special_contact on special_contact.event = 'override_request'
    inner join policy.task_text as task_text on waiting.text = task_text.text
)

select * from listed
