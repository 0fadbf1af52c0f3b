-- one row per client that is to be visited: the first thing that asks for it within the notice, up to which day others
-- join it, and the earliest day that can be proposed
with
setting as (
    select
        cast(max(case when setting = 'visit_notice_days' then value end) as integer) as notice_days,
        cast(max(case when setting = 'visit_join_days' then value end) as integer) as join_days,
        cast(max(case when setting = 'visit_ahead_workdays' then value end) as integer) as ahead_workdays
    from policy.task_setting
),

first_due as (
    select
        due.client_id,
        min(due.due_on) as first_due_on
    from tasks_visit.due as due
    cross join setting
    where due.is_leading and date_diff('day', $morning, due.due_on) <= setting.notice_days
    group by due.client_id
),

morning as (
    select workday_index
    from night.calendar
    where day = $morning
),

ahead as (
    select min(calendar.day) as day
    from night.calendar as calendar
    cross join morning
    cross join setting
    where calendar.is_workday and calendar.workday_index = morning.workday_index + setting.ahead_workdays
),

-- what is overdue is proposed for a day that can still be kept
joined as (
    select
        first_due.client_id,
        first_due.first_due_on,
        cast(first_due.first_due_on + setting.join_days * interval '1' day as date) as join_until,
        case when first_due.first_due_on >= $morning then first_due.first_due_on else coalesce(ahead.day, $morning) end
            as wanted_on
    from first_due
    cross join setting
    cross join ahead
)

select * from joined
