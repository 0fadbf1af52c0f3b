-- one row per client that is to be visited: the first thing that asks for it within the notice, up to which day others
-- join it, and the latest day that keeps every deadline which can still be kept
-- A client has one visit: what is long overdue still takes along what falls due in the days ahead, so others join from
-- the morning on where the first day has passed.
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

span as (
    select
        first_due.client_id,
        first_due.first_due_on,
        cast(greatest(first_due.first_due_on, $morning) + setting.join_days * interval '1' day as date) as join_until
    from first_due
    cross join setting
),

-- of what asks for the visit, the first that is not overdue yet
kept as (
    select
        due.client_id,
        min(due.due_on) as kept_on
    from span
    inner join tasks_visit.due as due on span.client_id = due.client_id and span.join_until >= due.due_on
    where due.is_leading and due.due_on >= $morning
    group by due.client_id
),

-- what is overdue is proposed for a day that can still be kept, and that no other deadline lies before
limited as (
    select
        span.client_id,
        span.first_due_on,
        span.join_until,
        case
            when span.first_due_on >= $morning then span.first_due_on
            else least(coalesce(ahead.day, $morning), coalesce(kept.kept_on, date '9999-12-31'))
        end as latest_on
    from span
    cross join ahead
    left join kept on span.client_id = kept.client_id
),

-- a deadline on a day off is kept on the working day before it, where there is one left
workday as (
    select
        limited.client_id,
        max(calendar.day) as day
    from limited
    inner join night.calendar as calendar on calendar.day between $morning and limited.latest_on
    where calendar.is_workday
    group by limited.client_id
),

joined as (
    select
        limited.client_id,
        limited.first_due_on,
        limited.join_until,
        coalesce(workday.day, limited.latest_on) as wanted_on
    from limited
    left join workday on limited.client_id = workday.client_id
)

select * from joined
