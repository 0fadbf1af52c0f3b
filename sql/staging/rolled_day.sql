-- one row per calendar day: the working day that a due date on it rolls on to, itself where it is one
with
calendar as (
    select * from night.calendar
),

rolled as (
    select
        calendar.day,
        min(workday.day) as next_workday
    from calendar
    inner join calendar as workday
        on
            workday.is_workday
            and workday.workday_index = calendar.workday_index + case when calendar.is_workday then 0 else 1 end
    group by calendar.day
)

select * from rolled
