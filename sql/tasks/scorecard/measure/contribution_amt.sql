-- one row per person and client: what the client contributed in the quarter, for the days that it was that person's
{% import 'macros/scorecard.sql' as scorecard %}
with
quarter as (
    select * from tasks_scorecard.quarter
),

summed as (
    select
        profit.client_id,
        cast(sum(profit.contribution_amt) as decimal(18, 2)) as value_amt,
        max(case when profit.is_estimated then 1 else 0 end) = 1 as is_estimated
    from features.client_profit_month as profit
    cross join quarter
    where profit.month between quarter.first_day and quarter.last_day
    group by profit.client_id
),

item as (
    select
        owned_days.staff_id,
        case when summed.is_estimated then 'estimated' else 'booked' end as outcome,
        cast(
            summed.value_amt * owned_days.days_owned / nullif(quarter.day_count, 0) as decimal(18, 2)
        ) as counted,
        cast(1 as decimal(18, 4)) as out_of,
        summed.client_id,
        summed.value_amt,
        owned_days.days_owned,
        {{ scorecard.lacking('client_id', 'value_amt', 'days_owned') }}
    from summed
    cross join quarter
    inner join tasks_scorecard.owned_days as owned_days on summed.client_id = owned_days.client_id
)

select * from item
