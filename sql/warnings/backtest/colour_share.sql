-- one row per night, colour and population: all clients, those with exposure, and of these those not in default
with
verdict as (
    select
        warning.night,
        warning.client_id,
        warning.colour,
        coalesce(exposure.exposure_amt > 0, false) as has_exposure,
        coalesce(event.event_date <= warning.night, false) as is_in_default
    from evaluated.warning as warning
    left join evaluated.client_exposure as exposure
        on warning.client_id = exposure.client_id and warning.night = exposure.night
    left join evaluated.event as event on warning.client_id = event.client_id
),

member as (
    select
        'all' as population,
        night,
        colour
    from verdict
    union all
    select
        'with_exposure' as population,
        night,
        colour
    from verdict
    where has_exposure
    union all
    select
        'with_exposure_performing' as population,
        night,
        colour
    from verdict
    where has_exposure and not is_in_default
),

total as (
    select
        population,
        night,
        count(*) as total
    from member
    group by population, night
),

counted as (
    select
        population,
        night,
        colour,
        count(*) as clients
    from member
    group by population, night, colour
),

-- a colour that nobody has is a share of nothing, not a gap
colour as (
    select distinct colour from verdict
),

colour_share as (
    select
        total.population,
        total.night,
        colour.colour,
        coalesce(counted.clients, 0) as clients,
        total.total,
        cast(coalesce(counted.clients, 0) * 100 / nullif(total.total, 0) as decimal(9, 4)) as share_pct
    from total
    cross join colour
    left join counted
        on
            total.population = counted.population
            and total.night = counted.night
            and colour.colour = counted.colour
)

select * from colour_share
