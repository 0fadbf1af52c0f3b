-- one row per client and month to evaluate: its deposits in that month and in the twelve months that end with it
with
due as (
    select * from tiers_evaluation.due_month
),

balance_month as (
    select * from features.client_balance_month
),

summed as (
    select
        balance_month.client_id,
        due.month_no,
        sum(case when balance_month.month = due.month then balance_month.balance_days_sum end) as month_days_sum,
        max(case when balance_month.month = due.month then balance_month.month_end_amt end) as month_end_amt,
        sum(balance_month.balance_days_sum) as year_days_sum,
        sum(balance_month.day_count) as year_days
    from balance_month
    cross join due
    where balance_month.month between due.year_start and due.month
    group by balance_month.client_id, due.month_no
),

averaged as (
    select
        summed.client_id,
        summed.month_no,
        cast(summed.month_days_sum / nullif(due.days_in_month, 0) as decimal(18, 2)) as dep_avg_month_amt,
        cast(summed.year_days_sum / nullif(summed.year_days, 0) as decimal(18, 2)) as dep_avg_365_amt,
        summed.month_end_amt
    from summed
    inner join due on summed.month_no = due.month_no
)

select * from averaged
