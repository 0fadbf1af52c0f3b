-- one row per client and month with a known deposit balance: fourteen full months, and the running one
with
step as (
    select * from balance.balance_step
    where is_deposit
),

month as (
    select
        cast(date_trunc('month', day) as date) as month,
        least(cast(date_trunc('month', day) + interval '1' month as date), $morning) as end_date
    from night.calendar
    where
        day >= cast(date_trunc('month', $business_date) - interval '14' month as date)
        and day <= $business_date
        and day = cast(date_trunc('month', day) as date)
),

in_month as (
    select
        step.client_id,
        step.account_id,
        month.month,
        month.end_date,
        step.balance_base_amt,
        step.to_date,
        greatest(step.from_date, month.month) as first_day,
        least(step.to_date, month.end_date) as after_day
    from step
    inner join month on step.from_date < month.end_date and step.to_date > month.month
),

summed as (
    select
        client_id,
        month,
        end_date,
        sum(balance_base_amt * date_diff('day', first_day, after_day)) as balance_days_sum,
        date_diff('day', min(first_day), end_date) as day_count,
        sum(case when to_date >= end_date then balance_base_amt else 0 end) as month_end_amt,
        count(*) - count(balance_base_amt) as unconverted_count
    from in_month
    group by client_id, month, end_date
),

averaged as (
    select
        client_id,
        month,
        case when unconverted_count = 0 then balance_days_sum end as balance_days_sum,
        day_count,
        case when unconverted_count = 0 then cast(balance_days_sum / day_count as decimal(18, 2)) end as avg_amt,
        case when unconverted_count = 0 then month_end_amt end as month_end_amt,
        cast(month + interval '1' month as date) <= $morning as is_full
    from summed
)

select * from averaged
