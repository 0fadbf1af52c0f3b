-- one row: nights, clients and events that the figures are of, and how often an event follows by itself
with
night_count as (
    select
        count(*) as nights,
        max(night) as last_night
    from evaluated.night
),

month_count as (
    select
        count(*) as client_months,
        count(distinct client_id) as clients,
        count(case when is_complete then 1 end) as complete_months,
        count(case when is_complete and is_followed then 1 end) as followed_months
    from warnings_backtest.client_month
),

unknown_count as (
    select count(*) as not_assessed_months
    from evaluated.warning
    where colour = 'not_assessed'
),

judged as (
    select distinct client_id
    from warnings_backtest.event_told
),

event_count as (
    select
        count(*) as events,
        count(judged.client_id) as judged_events,
        count(case when event.event_date > night_count.last_night then 1 end) as later_events
    from evaluated.event as event
    cross join night_count
    left join judged on event.client_id = judged.client_id
),

population as (
    select
        night_count.nights,
        month_count.clients,
        month_count.client_months,
        month_count.complete_months,
        month_count.followed_months,
        unknown_count.not_assessed_months,
        event_count.events,
        event_count.judged_events,
        event_count.later_events
    from night_count
    cross join month_count
    cross join unknown_count
    cross join event_count
)

select * from population
