-- one row per relationship with inflows in each of twelve months: how they grow a year, by the slope of their logs
{% import 'macros/month.sql' as months %}
with
newest as (
    select max(month_no) as month_no
    from tiers_evaluation.due_month
),

due as (
    select
        due_month.month,
        due_month.year_start
    from tiers_evaluation.due_month as due_month
    inner join newest on due_month.month_no = newest.month_no
),

-- a member that came within the year would pass for growth
member as (
    select
        member.group_key,
        member.client_id
    from tiers_group.member as member
    inner join tiers_evaluation.client_start as client_start on member.client_id = client_start.client_id
    cross join due
    where client_start.known_since <= due.year_start
),

monthly as (
    select
        member.group_key,
        {{ months.number('client_month.month') }} - {{ months.number('due.year_start') }} as month_at,
        sum(client_month.credit_turnover_amt) as inflow_amt
    from features.client_month as client_month
    inner join member on client_month.client_id = member.client_id
    cross join due
    where client_month.month between due.year_start and due.month
    group by
        member.group_key,
        {{ months.number('client_month.month') }} - {{ months.number('due.year_start') }}
),

logged as (
    select
        group_key,
        month_at,
        cast(ln(cast(inflow_amt as double)) as decimal(18, 6)) as log_inflow
    from monthly
    where inflow_amt > 0
),

summed as (
    select
        group_key,
        count(*) as months,
        sum(month_at) as sum_x,
        sum(month_at * month_at) as sum_xx,
        sum(log_inflow) as sum_y,
        sum(month_at * log_inflow) as sum_xy
    from logged
    group by group_key
    having count(*) = 12
),

sloped as (
    select
        group_key,
        cast(
            1200.0 * (months * sum_xy - sum_x * sum_y) / nullif(months * sum_xx - sum_x * sum_x, 0) as decimal(18, 4)
        ) as inflow_growth_pct
    from summed
)

select * from sloped
