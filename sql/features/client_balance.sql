-- one row per client with deposit accounts: averages of the daily balance over trailing windows
with
step as (
    select * from balance.balance_step
    where is_deposit
),

full_month as (
    select * from features.client_balance_month
    where
        is_full
        and month >= cast(date_trunc('month', $business_date) - interval '12' month as date)
        and month < cast(date_trunc('month', $business_date) as date)
),

-- each window by its first day and the day after its last
span as (
    select
        'd30' as name,
        cast($business_date - interval '29' day as date) as first_day,
        $morning as end_day
    union all
    select
        'd90',
        cast($business_date - interval '89' day as date),
        $morning
    union all
    select
        'prior_90',
        cast($business_date - interval '119' day as date),
        cast($business_date - interval '29' day as date)
    union all
    select
        'ago_180',
        cast($business_date - interval '209' day as date),
        cast($business_date - interval '179' day as date)
),

overlap as (
    select
        step.client_id,
        span.name,
        span.end_day,
        step.balance_base_amt,
        greatest(step.from_date, span.first_day) as first_day,
        least(step.to_date, span.end_day) as after_day
    from step
    inner join span on step.from_date < span.end_day and step.to_date > span.first_day
),

averaged as (
    select
        client_id,
        name,
        sum(balance_base_amt * date_diff('day', first_day, after_day)) as balance_days,
        date_diff('day', min(first_day), max(end_day)) as days
    from overlap
    group by client_id, name
),

windows as (
    select
        client_id,
        max(case when name = 'd30' then cast(balance_days / days as decimal(18, 2)) end) as avg_30d_amt,
        max(case when name = 'd90' then cast(balance_days / days as decimal(18, 2)) end) as avg_90d_amt,
        max(case when name = 'prior_90' then cast(balance_days / days as decimal(18, 2)) end) as avg_prior_90d_amt,
        max(case when name = 'ago_180' then cast(balance_days / days as decimal(18, 2)) end) as avg_30d_180d_ago_amt,
        coalesce(max(case when name = 'd30' then days end), 0) as days_30d,
        coalesce(max(case when name = 'd90' then days end), 0) as days_90d,
        coalesce(max(case when name = 'prior_90' then days end), 0) as days_prior_90d,
        coalesce(max(case when name = 'ago_180' then days end), 0) as days_180d_ago
    from averaged
    group by client_id
),

month_stat as (
    select
        client_id,
        case when count(avg_amt) >= 12 then cast(quantile_cont(avg_amt, 0.05) as decimal(18, 2)) end
            as month_avg_p05_amt,
        count(avg_amt) as month_avg_count
    from full_month
    group by client_id
),

latest as (
    select
        client_id,
        sum(case when from_date <= $business_date and to_date > $business_date then balance_base_amt end)
            as balance_amt,
        min(from_date) as first_date,
        max(from_date) as data_date,
        max(case when balance_base_amt is null then 1 else 0 end) = 0 as is_assessed
    from step
    group by client_id
),

joined as (
    select
        latest.client_id,
        latest.balance_amt,
        windows.avg_30d_amt,
        windows.avg_90d_amt,
        windows.avg_prior_90d_amt,
        windows.avg_30d_180d_ago_amt,
        coalesce(windows.days_30d, 0) as days_30d,
        coalesce(windows.days_90d, 0) as days_90d,
        coalesce(windows.days_prior_90d, 0) as days_prior_90d,
        coalesce(windows.days_180d_ago, 0) as days_180d_ago,
        month_stat.month_avg_p05_amt,
        coalesce(month_stat.month_avg_count, 0) as month_avg_count,
        latest.first_date,
        latest.data_date,
        latest.is_assessed
    from latest
    left join windows on latest.client_id = windows.client_id
    left join month_stat on latest.client_id = month_stat.client_id
)

select * from joined
