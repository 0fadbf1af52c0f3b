-- one row per night and client that had a verdict then and was not in default yet: what was said, and what followed
with
setting as (
    select max(case when setting = 'horizon_days' then cast(value as integer) end) as horizon_days
    from policy.evaluation_setting
),

known_day as (
    select night as day from evaluated.night
    union all
    select event_date as day from evaluated.event
),

-- up to when events are known: the last night, or the last event of a file that goes on after it
known as (
    select max(day) as known_until from known_day
),

utilisation as (
    select
        client_id,
        night,
        max(utilisation_30d_pct) as utilisation_pct
    from evaluated.loan_utilisation
    group by client_id, night
),

client_month as (
    select
        warning.night,
        warning.client_id,
        warning.colour,
        coalesce(colour.rank, 0) as colour_rank,
        least(coalesce(warning.colour_since, warning.night), warning.night) as colour_since,
        warning.score,
        exposure.max_days_past_due as days_past_due,
        utilisation.utilisation_pct,
        warning.night + setting.horizon_days <= known.known_until as is_complete,
        coalesce(event.event_date <= warning.night + setting.horizon_days, false) as is_followed
    from evaluated.warning as warning
    cross join setting
    cross join known
    left join policy.colour as colour on warning.colour = colour.colour
    left join evaluated.client_exposure as exposure
        on warning.client_id = exposure.client_id and warning.night = exposure.night
    left join utilisation on warning.client_id = utilisation.client_id and warning.night = utilisation.night
    left join evaluated.event as event on warning.client_id = event.client_id
    where
        -- not known is neither a warning nor its absence
        warning.colour <> 'not_assessed'
        and coalesce(event.event_date > warning.night, true)
)

select * from client_month
