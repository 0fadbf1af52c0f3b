-- one row per loan with checks that are due within the notice or overdue: the first of them, which the report is about
with
setting as (
    select cast(max(case when setting = 'check_notice_days' then value end) as integer) as notice_days
    from policy.post_loan_setting
),

owed as (
    select
        due.loan_id,
        due.client_id,
        due.branch_id,
        due.project_id,
        due.kind,
        due.subject,
        due.due_on,
        due.done_on,
        due.stage,
        due.basis,
        due.state,
        due.late_days,
        due.state = 'overdue' or date_diff('day', $morning, due.due_on) <= setting.notice_days as is_near
    from care.post_loan_check as due
    cross join setting
    where
        due.kind in ('first_check', 'desk_check', 'site_check', 'key_check')
        and due.state in ('open', 'overdue')
),

placed as (
    select
        *,
        row_number() over (partition by loan_id order by due_on asc, kind asc, subject asc) as place
    from owed
)

select
    loan_id,
    client_id,
    branch_id,
    project_id,
    kind,
    subject,
    due_on,
    done_on,
    stage,
    basis,
    state,
    late_days,
    is_near
from placed
where place = 1
