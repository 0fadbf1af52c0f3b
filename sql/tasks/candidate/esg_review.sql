-- one row per project and kind of environmental and social review that is overdue, and per red signal's that is open
-- One that waits for its approval, or was returned, is no task of the branch: it waits for a person whom the branch
-- does not send.
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
due as (
    select
        *,
        row_number() over (partition by project_id, kind order by due_on asc, rule asc) as place
    from tasks.esg_due
    where period_end is null and (state = 'overdue' or (state = 'open' and kind = 'event_review'))
),

project as (
    select
        project_id,
        name
    from features.project_state
),

listed as (
    select
        due.client_id,
        'esg_review' as kind,
        due.project_id || '|' || due.kind as subject,
        coalesce(due.event_on, due.due_on) as started_on,
        case when due.state = 'overdue' then due.due_on end as clock_from,
        case when due.state = 'overdue' then special_contact.sla_days end as sla_days,
        case when due.state <> 'overdue' then due.due_on end as due_on,
        due.project_id,
        {{ candidate.lacking('clock_from', 'sla_days', 'due_on', 'project_id', 'figures') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'project': 'project.name',
            'review': 'due.kind',
            'indicator': 'due.rule',
            'date': 'due.due_on',
            'days': 'due.late_days',
        }) }} as figures
    from due
    inner join project on due.project_id = project.project_id
    inner join policy.special_contact as special_contact on special_contact.event = 'esg_review'
    inner join policy.task_text as task_text
        on
            task_text.text = case
                when due.event_on is not null and due.state = 'open' then 'esg_event_open'
                when due.event_on is not null then 'esg_event_overdue'
                when due.kind = 'report' then 'esg_report_overdue'
                else 'esg_review_overdue'
            end
    where due.place = 1
)

select * from listed
