-- one row per check after the loan that was due in the quarter: made by its day, with no point of its report left open
-- A check that a change of stage brought, at a client that the person had reported, is counted only where it was made
-- in time.
{% import 'macros/scorecard.sql' as scorecard %}
with
quarter as (
    select * from tasks_scorecard.quarter
),

setting as (
    select cast(max(case when setting = 'self_report_days' then value end) as integer) as report_days
    from policy.scorecard_setting
),

owned as (
    select * from tasks_scorecard.owned
),

seen as (
    select
        loan_id,
        kind,
        subject,
        client_id,
        due_on,
        done_on,
        basis,
        state,
        business_date
    from history.post_loan_check
),

-- on which night each day that a check was due stood last, and what had been done by then
due as (
    select
        seen.loan_id,
        seen.kind,
        seen.subject,
        seen.client_id,
        seen.due_on,
        max(seen.business_date) as last_night,
        max(case when seen.basis = 'stage_change' then 1 else 0 end) = 1 as is_of_stage,
        min(seen.done_on) as first_done_on,
        max(case when seen.state = 'done' then seen.done_on end) as answered_on
    from seen
    cross join quarter
    where seen.due_on between quarter.first_day and quarter.last_day and seen.state in ('open', 'overdue', 'done')
    group by seen.loan_id, seen.kind, seen.subject, seen.client_id, seen.due_on
),

made as (
    select
        due.loan_id,
        due.kind,
        due.subject,
        due.due_on,
        min(later.done_on) as done_on
    from due
    inner join seen as later
        on due.loan_id = later.loan_id and due.kind = later.kind and due.subject = later.subject
    where
        later.business_date > due.last_night
        and later.done_on is not null
        and coalesce(later.done_on > due.first_done_on, true)
    group by due.loan_id, due.kind, due.subject, due.due_on
),

settled as (
    select
        due.loan_id,
        due.kind,
        due.client_id,
        due.due_on,
        due.is_of_stage,
        coalesce(due.answered_on, made.done_on) as done_on,
        due.last_night >= due.due_on as is_past
    from due
    left join made
        on
            due.loan_id = made.loan_id
            and due.kind = made.kind
            and due.subject = made.subject
            and due.due_on = made.due_on
),

-- what went away before its day without being done was not owed any more
owed as (
    select * from settled
    where done_on is not null or is_past
),

open_point as (
    select
        loan_id,
        kind,
        checked_on,
        max(open_count) as open_count
    from care.check_report
    group by loan_id, kind, checked_on
),

judged as (
    select
        owned.staff_id,
        owed.client_id,
        owed.kind,
        owed.due_on,
        owed.done_on,
        max(case when owed.is_of_stage and self_report.told_on is not null then 1 else 0 end) = 1 as is_told,
        max(coalesce(open_point.open_count, 0)) as open_count
    from owed
    cross join setting
    inner join owned
        on owed.client_id = owned.client_id and owed.due_on >= owned.from_on and owed.due_on <= owned.to_on
    left join open_point
        on owed.loan_id = open_point.loan_id and owed.kind = open_point.kind and owed.done_on = open_point.checked_on
    left join tasks_scorecard.self_report as self_report
        on
            owed.client_id = self_report.client_id
            and owned.staff_id = self_report.staff_id
            and owed.due_on >= self_report.told_on
            and owed.due_on - setting.report_days <= self_report.told_on
    group by owned.staff_id, owed.loan_id, owed.client_id, owed.kind, owed.due_on, owed.done_on
),

told as (
    select
        judged.*,
        case
            when coalesce(done_on <= due_on, false) and open_count = 0 then 'on_time'
            when is_told then 'self_reported'
            when coalesce(done_on <= due_on, false) then 'points_open'
            when done_on is null then 'missed'
            else 'late'
        end as outcome
    from judged
),

item as (
    select
        staff_id,
        outcome,
        cast(case when outcome = 'on_time' then 1 else 0 end as decimal(18, 4)) as counted,
        cast(case when outcome = 'self_reported' then 0 else 1 end as decimal(18, 4)) as out_of,
        client_id,
        kind as subject,
        done_on as on_date,
        due_on,
        {{ scorecard.lacking('client_id', 'subject', 'on_date', 'due_on') }}
    from told
)

select * from item
