-- one row per kind of review: how many are overdue, due within the notice, later, done on an event, or not assessed;
-- what waits for a person is counted as that (approval_waiting, rework_waiting)
with
setting as (
    select cast(max(case when setting = 'expiry_notice_days' then value end) as integer) as notice_days
    from policy.esg_setting
),

counted as (
    select
        due.kind,
        count(*) as row_count,
        sum(case when due.state = 'overdue' then 1 else 0 end) as overdue_count,
        sum(case when due.state = 'open' and due.due_on <= $morning + setting.notice_days then 1 else 0 end)
            as due_count,
        sum(case when due.state = 'open' and due.due_on > $morning + setting.notice_days then 1 else 0 end)
            as later_count,
        sum(case when due.state = 'done' then 1 else 0 end) as done_count,
        sum(case when due.state = 'not_assessed' then 1 else 0 end) as unknown_count,
        max(case when due.state = 'overdue' then due.late_days end) as max_days_late
    from tasks.esg_due as due
    cross join setting
    where due.period_end is null
    group by due.kind
)

select * from counted
