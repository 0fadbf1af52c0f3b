-- one row: the last quarter that is over on the morning, and the first day of the one before it
{% import 'macros/month.sql' as months %}
with
counted as (
    select {{ months.number('$morning') }} - (month($morning) - 1) % 3 - 3 as first_month
),

dated as (
    select
        {{ months.first_day_of('first_month') }} as first_day,
        {{ months.first_day_of('first_month + 3') }} - 1 as last_day,
        {{ months.first_day_of('first_month - 3') }} as before_first_day
    from counted
),

quarter as (
    select
        cast(year(first_day) as varchar) || 'Q' || cast((month(first_day) + 2) // 3 as varchar) as quarter,
        first_day,
        last_day,
        before_first_day,
        cast(date_diff('day', first_day, last_day) + 1 as integer) as day_count,
        cast(date_diff('day', before_first_day, first_day) as integer) as before_day_count
    from dated
)

select * from quarter
