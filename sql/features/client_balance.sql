-- one row per client with deposit accounts: averages of the daily balance over the covered days of trailing windows
with
account as (
    select
        client_id,
        min(first_row_date) as first_date,
        max(row_date) as data_date,
        max(case when is_converted then 0 else 1 end) = 0 as is_assessed
    from features.account_balance
    where is_deposit
    group by client_id
),

state as (
    select * from features.balance_state
),

-- the covered days of a window end where it ends, and begin where the client's balances do
spanned as (
    select
        account.client_id,
        account.first_date,
        account.data_date,
        account.is_assessed,
        coalesce(state.balance_0d_amt, 0) as balance_amt,
        coalesce(state.sum_0d_amt - state.sum_30d_amt, 0) as sum_30d_amt,
        coalesce(state.sum_0d_amt - state.sum_90d_amt, 0) as sum_90d_amt,
        coalesce(state.sum_30d_amt - state.sum_120d_amt, 0) as sum_prior_90d_amt,
        coalesce(state.sum_180d_amt - state.sum_210d_amt, 0) as sum_180d_ago_amt,
        date_diff('day', account.first_date, $business_date) + 1 as known_days
    from account
    left join state on account.client_id = state.client_id
),

covered as (
    select
        *,
        least(known_days, 30) as days_30d,
        least(known_days, 90) as days_90d,
        least(greatest(known_days - 30, 0), 90) as days_prior_90d,
        least(greatest(known_days - 180, 0), 30) as days_180d_ago
    from spanned
),

-- what a month usually is like: the twelve last full months that end before the 30 days
last_month as (
    select cast(date_trunc('month', $business_date - 29) - interval '1' month as date) as month
),

month_stat as (
    select
        balance_month.client_id,
        cast(quantile_cont(balance_month.avg_amt, 0.05) as decimal(18, 2)) as month_avg_p05_amt,
        count(*) as month_avg_count
    from features.client_balance_month as balance_month
    cross join last_month
    where
        balance_month.month <= last_month.month
        and balance_month.month > cast(last_month.month - interval '12' month as date)
        and balance_month.day_count
        = date_diff('day', balance_month.month, cast(balance_month.month + interval '1' month as date))
    group by balance_month.client_id
),

averaged as (
    select
        covered.client_id,
        covered.balance_amt,
        cast(covered.sum_30d_amt / nullif(covered.days_30d, 0) as decimal(18, 2)) as avg_30d_amt,
        cast(covered.sum_90d_amt / nullif(covered.days_90d, 0) as decimal(18, 2)) as avg_90d_amt,
        cast(covered.sum_prior_90d_amt / nullif(covered.days_prior_90d, 0) as decimal(18, 2)) as avg_prior_90d_amt,
        cast(covered.sum_180d_ago_amt / nullif(covered.days_180d_ago, 0) as decimal(18, 2)) as avg_30d_180d_ago_amt,
        covered.days_30d,
        covered.days_90d,
        covered.days_prior_90d,
        covered.days_180d_ago,
        case when month_stat.month_avg_count = 12 then month_stat.month_avg_p05_amt end as month_avg_p05_amt,
        coalesce(month_stat.month_avg_count, 0) as month_avg_count,
        covered.first_date,
        covered.data_date,
        covered.is_assessed
    from covered
    left join month_stat on covered.client_id = month_stat.client_id
)

select * from averaged
