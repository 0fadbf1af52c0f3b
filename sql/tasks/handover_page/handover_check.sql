-- one row per person, client taken over and check or renewal after the loan that is overdue or due before long; of a
-- check why
with
setting as (
    select cast(max(case when setting = 'handover_reach_days' then value end) as integer) as reach_days
    from policy.post_loan_setting
),

taken as (
    select distinct
        person_id,
        client_id
    from tasks_handover_page.handover_client
),

owed as (
    select
        taken.person_id,
        due.client_id,
        due.loan_id,
        due.kind as check_kind,
        due.subject,
        case
            when due.kind in ('first_check', 'desk_check', 'site_check', 'key_check') then due.basis
        end as check_basis,
        due.due_on,
        case when due.late_days > 0 then due.late_days end as late_days,
        due.done_on
    from care.post_loan_check as due
    inner join taken on due.client_id = taken.client_id
    cross join setting
    where
        due.state = 'overdue'
        or (due.state = 'open' and date_diff('day', $morning, due.due_on) <= setting.reach_days)
)

select * from owed
