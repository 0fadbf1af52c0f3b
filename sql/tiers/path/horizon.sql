-- one row per month that a change from this morning on can tell in: the running one, judged next, and the one after
{% import 'macros/month.sql' as months %}
with
month as (
    select
        ahead.months_ahead,
        {{ months.first_day('$morning', 'ahead.months_ahead') }} as month,
        {{ months.first_day('$morning', '(ahead.months_ahead + 1)') }} - 1 as by_on
    from (values (0), (1)) as ahead (months_ahead)
),

dated as (
    select
        month.months_ahead,
        month.month,
        month.by_on,
        date_diff('day', month.month, month.by_on) + 1 as days_in_month,
        date_diff('day', greatest($morning, month.month), month.by_on) + 1 as days_left,
        min(calendar.day) as evaluated_on
    from month
    left join night.calendar as calendar on calendar.is_workday and month.by_on < calendar.day
    group by month.months_ahead, month.month, month.by_on
)

select * from dated
