-- one row per client with a post-loan check due within the notice or overdue: the first of them, and how many more
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
setting as (
    select cast(max(case when setting = 'check_notice_days' then value end) as integer) as notice_days
    from policy.post_loan_setting
),

owed as (
    select
        due.client_id,
        due.loan_id,
        due.project_id,
        due.kind,
        due.subject,
        due.due_on,
        due.late_days,
        due.basis,
        due.state,
        setting.notice_days
    from care.post_loan_check as due
    cross join setting
    where
        due.kind in ('first_check', 'desk_check', 'site_check', 'key_check')
        and (
            due.state = 'overdue'
            or (due.state = 'open' and date_diff('day', $morning, due.due_on) <= setting.notice_days)
        )
),

placed as (
    select
        *,
        count(*) over (partition by client_id) as checks,
        row_number() over (partition by client_id order by due_on asc, loan_id asc, kind asc, subject asc) as place
    from owed
),

told as (
    select
        *,
        checks - 1 as others,
        case when state = 'overdue' then 'check_overdue' else 'check_open' end
        || case when checks > 1 then '_several' else '' end as text
    from placed
    where place = 1
),

listed as (
    select
        told.client_id,
        'post_loan_check' as kind,
        told.loan_id || '|' || told.kind || '|' || told.subject as subject,
        cast(told.due_on - told.notice_days * interval '1' day as date) as started_on,
        told.due_on,
        told.loan_id,
        told.project_id,
        {{ candidate.lacking('due_on', 'loan_id', 'project_id', 'figures') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'loan': 'told.loan_id',
            'check': 'told.kind',
            'basis': 'told.basis',
            'date': 'told.due_on',
            'days': 'told.late_days',
            'others': 'told.others',
        }) }} as figures
    from told
    inner join policy.task_text as task_text on told.text = task_text.text
)

select * from listed
