-- one row per condition of an approved review that is overdue, or comes due within the notice
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
setting as (
    select cast(max(case when setting = 'condition_notice_days' then value end) as integer) as notice_days
    from policy.task_setting
),

due as (
    select
        condition.*,
        case when condition.due_on < $morning then 'esg_condition_overdue' else 'esg_condition_due' end as text
    from esg.review_condition as condition
    where condition.is_binding and condition.state in ('open', 'overdue') and condition.due_on is not null
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
        'esg_condition' as kind,
        due.condition_id as subject,
        cast(due.due_on - setting.notice_days * interval '1' day as date) as started_on,
        due.due_on,
        due.project_id,
        {{ candidate.lacking('due_on', 'project_id', 'figures') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'project': 'project.name',
            'condition': 'due.condition',
            'date': 'due.due_on',
        }) }} as figures
    from due
    cross join setting
    inner join project on due.project_id = project.project_id
    inner join policy.task_text as task_text on due.text = task_text.text
    where date_diff('day', $morning, due.due_on) <= setting.notice_days
)

select * from listed
