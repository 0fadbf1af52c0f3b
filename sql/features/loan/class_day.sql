-- one row: the day for which five-class categories are forecast, the last of the running quarter
{% import 'macros/month.sql' as months %}
with
setting as (
    select cast(max(case when setting = 'forecast_months' then value end) as integer) as period_months
    from policy.five_class_setting
),

running as (
    select
        period_months,
        cast({{ months.number('$business_date') }} - 1 as integer) as month_number
    from setting
),

following as (
    select month_number - month_number % nullif(period_months, 0) + period_months + 1 as first_month
    from running
),

class_day as (
    select {{ months.first_day_of('first_month') }} - 1 as forecast_on
    from following
)

select * from class_day
