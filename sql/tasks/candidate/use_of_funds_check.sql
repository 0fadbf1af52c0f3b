-- one row per client with a signal for risk alone: the branch reads that a check is due, never why
{% import 'macros/candidate.sql' as candidate %}
with
signal as (
    select * from tasks_listing.told_signal
    where audience = 'risk_only'
),

started as (
    select
        client_id,
        min(first_seen) as started_on
    from signal
    group by client_id
),

listed as (
    select
        started.client_id,
        'use_of_funds_check' as kind,
        'use_of_funds' as subject,
        started.started_on,
        started.started_on as clock_from,
        special_contact.sla_days,
        {{ candidate.lacking('clock_from', 'sla_days') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en
    from started
    inner join policy.special_contact as special_contact on special_contact.event = 'use_of_funds_check'
    inner join policy.task_text as task_text on task_text.text = 'use_of_funds_check'
)

select * from listed
