-- one row per full month that tonight evaluates: none on most nights, one on the first working day of a month
{% import 'macros/month.sql' as months %}
with
standing as (
    select max(evaluated_month) as last_month
    from previous.client_tier
),

workdays_so_far as (
    select count(*) as days
    from night.calendar
    where
        is_workday
        and day >= cast(date_trunc('month', $business_date) as date)
        and day <= $business_date
),

-- before its first working day a month has not begun for this purpose: the month before the last is the newest
closed as (
    select {{ months.first_day('$business_date', 'case when days > 0 then -1 else -2 end') }} as month
    from workdays_so_far
),

held as (
    select month
    from features.client_balance_month
    where is_full
    union all
    select month
    from features.client_month
    where is_full
),

covered as (
    select max(month) as month
    from held
),

-- missed months are made up for in order, six at most
steps as (
    select numbers.step
    from (values (0), (1), (2), (3), (4), (5)) as numbers (step)
),

candidates as (
    select
        {{ months.first_day('closed.month', '(-steps.step)') }} as month,
        false as is_initial
    from closed
    cross join steps
    cross join standing
    where {{ months.first_day('closed.month', '(-steps.step)') }} > standing.last_month
    union all
    select
        covered.month,
        true as is_initial
    from covered
    cross join standing
    where standing.last_month is null and covered.month is not null
),

numbered as (
    select
        month,
        {{ months.first_day('month', 1) }} as next_month,
        {{ months.first_day('month', -11) }} as year_start,
        date_diff('day', month, {{ months.first_day('month', 1) }}) as days_in_month,
        cast(row_number() over (order by month) as integer) as month_no,
        is_initial
    from candidates
)

select * from numbered
