-- one row per client with deposit accounts: averages of the daily balance over the covered days of trailing windows
{% import 'macros/month.sql' as months %}
with
-- a client's deposits are known from the day on which each of its accounts' are; of some there may be no row at all
account as (
    select
        known.client_id,
        min(known.first_row_date) as first_date,
        case when count(*) = count(known.known_from) then max(known.known_from) end as known_from,
        max(held.row_date) as data_date,
        max(case when held.is_converted or held.account_id is null then 0 else 1 end) = 0 as is_assessed
    from features_balance.known_account as known
    left join features.account_balance as held on known.account_id = held.account_id
    where known.is_deposit
    group by known.client_id
    having min(known.first_row_date) is not null or count(*) > count(known.known_from)
),

state as (
    select * from features.balance_state
),

-- the covered days of a window end where it ends, and begin where the client's balances do: with the first row for what
-- they come to, with the first day that is known in whole for what may be judged by them
spanned as (
    select
        account.client_id,
        account.first_date,
        account.known_from,
        account.data_date,
        account.is_assessed,
        case when account.first_date is not null then coalesce(state.balance_0d_amt, 0) end as balance_amt,
        coalesce(state.sum_0d_amt - state.sum_30d_amt, 0) as sum_30d_amt,
        coalesce(state.sum_0d_amt - state.sum_90d_amt, 0) as sum_90d_amt,
        coalesce(state.sum_30d_amt - state.sum_120d_amt, 0) as sum_prior_90d_amt,
        coalesce(state.sum_180d_amt - state.sum_210d_amt, 0) as sum_180d_ago_amt,
        coalesce(date_diff('day', account.first_date, $business_date) + 1, 0) as row_days,
        case
            when account.first_date is not null and account.known_from is not null
                then date_diff('day', greatest(account.first_date, account.known_from), $business_date) + 1
            else 0
        end as known_days
    from account
    left join state on account.client_id = state.client_id
),

covered as (
    select
        *,
        least(known_days, 30) as days_30d,
        least(known_days, 90) as days_90d,
        least(greatest(known_days - 30, 0), 90) as days_prior_90d,
        least(greatest(known_days - 180, 0), 30) as days_180d_ago,
        least(row_days, 30) as row_days_30d,
        least(row_days, 90) as row_days_90d,
        least(greatest(row_days - 30, 0), 90) as row_days_prior_90d,
        least(greatest(row_days - 180, 0), 30) as row_days_180d_ago
    from spanned
),

-- what a month usually is like: the twelve last full months that end before the 30 days
last_month as (
    select {{ months.first_day('($business_date - 29)', -1) }} as month
),

usual_month as (
    select
        balance_month.client_id,
        balance_month.avg_amt,
        row_number() over (partition by balance_month.client_id order by balance_month.avg_amt) as place
    from features.client_balance_month as balance_month
    inner join account on balance_month.client_id = account.client_id
    cross join last_month
    where
        balance_month.month >= account.known_from
        and balance_month.month <= last_month.month
        and {{ months.number('balance_month.month') }} > {{ months.number('last_month.month') }} - 12
        and balance_month.day_count
        = date_diff('day', balance_month.month, {{ months.first_day('balance_month.month', 1) }})
),

-- the fifth percentile of twelve lies 0.05 x 11 = 0.55 of the way from the lowest to the next: in decimals, since the
-- engine's own percentile goes through floats and loses a cent
month_stat as (
    select
        client_id,
        cast(
            sum(case place when 1 then avg_amt * 0.45 when 2 then avg_amt * 0.55 end) as decimal(18, 2)
        ) as month_avg_p05_amt,
        count(*) as month_avg_count
    from usual_month
    group by client_id
),

averaged as (
    select
        covered.client_id,
        covered.balance_amt,
        cast(covered.sum_30d_amt / nullif(covered.row_days_30d, 0) as decimal(18, 2)) as avg_30d_amt,
        cast(covered.sum_90d_amt / nullif(covered.row_days_90d, 0) as decimal(18, 2)) as avg_90d_amt,
        cast(covered.sum_prior_90d_amt / nullif(covered.row_days_prior_90d, 0) as decimal(18, 2)) as avg_prior_90d_amt,
        cast(covered.sum_180d_ago_amt / nullif(covered.row_days_180d_ago, 0) as decimal(18, 2)) as avg_30d_180d_ago_amt,
        covered.days_30d,
        covered.days_90d,
        covered.days_prior_90d,
        covered.days_180d_ago,
        case when month_stat.month_avg_count = 12 then month_stat.month_avg_p05_amt end as month_avg_p05_amt,
        coalesce(month_stat.month_avg_count, 0) as month_avg_count,
        covered.first_date,
        covered.known_from,
        covered.data_date,
        covered.is_assessed
    from covered
    left join month_stat on covered.client_id = month_stat.client_id
)

select * from averaged
