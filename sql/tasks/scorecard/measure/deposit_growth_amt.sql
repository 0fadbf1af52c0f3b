-- one row per person and client that had deposits on every day of the quarter and of the one before: by how much its
-- daily average rose, for the days that the client was that person's
{% import 'macros/scorecard.sql' as scorecard %}
with
quarter as (
    select * from tasks_scorecard.quarter
),

summed as (
    select
        balance.client_id,
        sum(case when balance.month < quarter.first_day then balance.balance_days_sum end) as before_sum,
        sum(case when balance.month >= quarter.first_day then balance.balance_days_sum end) as after_sum,
        sum(case when balance.month < quarter.first_day then balance.day_count else 0 end) as before_days,
        sum(case when balance.month >= quarter.first_day then balance.day_count else 0 end) as after_days
    from features.client_balance_month as balance
    cross join quarter
    where balance.month between quarter.before_first_day and quarter.last_day and balance.is_full
    group by balance.client_id
),

averaged as (
    select
        summed.client_id,
        quarter.day_count,
        cast(summed.before_sum / nullif(quarter.before_day_count, 0) as decimal(18, 2)) as base_amt,
        cast(summed.after_sum / nullif(quarter.day_count, 0) as decimal(18, 2)) as value_amt
    from summed
    cross join quarter
    where summed.before_days = quarter.before_day_count and summed.after_days = quarter.day_count
),

item as (
    select
        owned_days.staff_id,
        'grown' as outcome,
        cast(
            (averaged.value_amt - averaged.base_amt) * owned_days.days_owned / nullif(averaged.day_count, 0)
            as decimal(18, 2)
        ) as counted,
        cast(1 as decimal(18, 4)) as out_of,
        averaged.client_id,
        averaged.base_amt,
        averaged.value_amt,
        owned_days.days_owned,
        {{ scorecard.lacking('client_id', 'base_amt', 'value_amt', 'days_owned') }}
    from averaged
    inner join tasks_scorecard.owned_days as owned_days on averaged.client_id = owned_days.client_id
)

select * from item
