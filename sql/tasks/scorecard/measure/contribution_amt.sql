-- one row per person and client: what the client contributed in the quarter, for the days that it was that person's
-- It is known where each month of the quarter over which it was a client came: two of three are no quarter.
{% import 'macros/month.sql' as months %}
{% import 'macros/scorecard.sql' as scorecard %}
with
quarter as (
    select * from tasks_scorecard.quarter
),

month as (
    {% for ahead in range(3) %}
    select
        {{ months.first_day('first_day', ahead) }} as month,
        {{ months.first_day('first_day', ahead + 1) }} as next_month
    from quarter
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

asked as (
    select
        profit.client_id,
        month.month,
        profit.contribution_amt,
        profit.is_estimated
    from month
    inner join features.client_profit_month as profit on month.month = profit.month
),

-- months over the whole of which it was a client
whole as (
    select
        client.client_id,
        month.month
    from source.client as client
    inner join month
        on client.onboard_date <= month.month and coalesce(client.closed_date >= month.next_month, true)
),

lacking as (
    select distinct whole.client_id
    from whole
    left join asked on whole.client_id = asked.client_id and whole.month = asked.month
    where asked.contribution_amt is null
),

summed as (
    select
        asked.client_id,
        lacking.client_id is null as is_known,
        cast(sum(asked.contribution_amt) as decimal(18, 2)) as value_amt,
        max(case when asked.is_estimated then 1 else 0 end) = 1 as is_estimated
    from asked
    left join lacking on asked.client_id = lacking.client_id
    group by asked.client_id, lacking.client_id is null
),

item as (
    select
        owned_days.staff_id,
        case
            when not summed.is_known then 'not_known'
            when summed.is_estimated then 'estimated'
            else 'booked'
        end as outcome,
        case
            when summed.is_known
                then cast(
                    summed.value_amt * owned_days.days_owned / nullif(quarter.day_count, 0) as decimal(18, 2)
                )
            else 0
        end as counted,
        cast(case when summed.is_known then 1 else 0 end as decimal(18, 4)) as out_of,
        summed.client_id,
        case when summed.is_known then summed.value_amt end as value_amt,
        owned_days.days_owned,
        {{ scorecard.lacking('client_id', 'value_amt', 'days_owned') }}
    from summed
    cross join quarter
    inner join tasks_scorecard.owned_days as owned_days on summed.client_id = owned_days.client_id
)

select * from item
