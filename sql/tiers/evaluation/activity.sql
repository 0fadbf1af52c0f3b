-- one row per client and month to evaluate with flows: its active months of the last twelve and the month's turnover
with
due as (
    select * from tiers_evaluation.due_month
),

client_month as (
    select * from features.client_month
),

counted as (
    select
        client_month.client_id,
        due.month_no,
        cast(sum(case when client_month.has_activity then 1 else 0 end) as integer) as active_months,
        sum(case when client_month.month = due.month then client_month.credit_turnover_amt end) as turnover_month_amt
    from client_month
    cross join due
    where client_month.month between due.year_start and due.month
    group by client_month.client_id, due.month_no
)

select * from counted
