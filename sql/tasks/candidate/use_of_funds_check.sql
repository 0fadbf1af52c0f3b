-- one row per client with a signal for risk alone: the branch reads that a check is due, never why
{% import 'macros/candidate.sql' as candidate %}
with
signal as (
    select * from tasks_listing.told_signal
    where audience = 'risk_only'
),

fired as (
    select
        client_id,
        min(started_on) as started_on,
        max(started_on) as worsened_on
    from signal
    group by client_id
),

-- it is one task as long as anything asks for it; an answer knew nothing of what began since
standing as (
    select
        client_id,
        min(started_on) as started_on
    from previous.task
    where kind = 'use_of_funds_check'
    group by client_id
),

started as (
    select
        fired.client_id,
        coalesce(standing.started_on, fired.started_on) as started_on,
        fired.worsened_on
    from fired
    left join standing on fired.client_id = standing.client_id
),

listed as (
    select
        started.client_id,
        'use_of_funds_check' as kind,
        'use_of_funds' as subject,
        started.started_on,
        started.worsened_on as clock_from,
        special_contact.sla_days,
        started.worsened_on,
        case when started.started_on < $business_date and started.worsened_on = $business_date then 'worse' end
            as change,
        {{ candidate.lacking('clock_from', 'sla_days', 'worsened_on', 'change') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en
    from started
    inner join policy.special_contact as special_contact on special_contact.event = 'use_of_funds_check'
    inner join policy.task_text as task_text on task_text.text = 'use_of_funds_check'
)

select * from listed
