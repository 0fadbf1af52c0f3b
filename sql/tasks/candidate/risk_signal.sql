-- one row per signal for risk alone that lists may ask about: the work of risk above the branch, which reads it on its
-- own list; what the branch itself is asked is use_of_funds_check
{% import 'macros/candidate.sql' as candidate %}
with
signal as (
    select * from tasks_listing.told_signal
    where audience = 'risk_only'
),

-- what to do; by whom and when is said step by step (tasks.playbook_task)
playbook as (
    select
        client_id,
        indicator,
        min(due_workdays) as due_workdays,
        string_agg(action_zh, ';' order by step) as next_step_zh,
        string_agg(action_en, '; ' order by step) as next_step_en
    from tasks_playbook.step
    group by client_id, indicator
),

listed as (
    select
        signal.client_id,
        'risk_signal' as kind,
        signal.indicator as subject,
        signal.started_on,
        greatest(signal.started_on, signal.graver_on) as clock_from,
        coalesce(playbook.due_workdays, special_contact.sla_days) as sla_days,
        signal.severity,
        coalesce(signal.hard, false) as is_hard,
        signal.band_step,
        indicator.is_unproven,
        signal.change,
        signal.indicator,
        signal.loan_id,
        signal.project_id,
        'risk' as owner_role,
        {{ candidate.lacking(
            'clock_from', 'sla_days', 'severity', 'is_hard', 'band_step', 'is_unproven', 'change', 'indicator',
            'loan_id', 'project_id', 'owner_role'
        ) }},
        signal.reason_zh,
        signal.reason_en,
        playbook.next_step_zh,
        playbook.next_step_en
    from signal
    inner join policy.indicator as indicator on signal.indicator = indicator.indicator
    inner join policy.special_contact as special_contact on special_contact.event = 'use_of_funds_check'
    left join playbook on signal.client_id = playbook.client_id and signal.indicator = playbook.indicator
)

select * from listed
