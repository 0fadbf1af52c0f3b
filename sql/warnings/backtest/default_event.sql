-- one row per client that was in default by what nights published: the first of them that says so
with
setting as (
    select
        max(case when setting = 'event_days_past_due' then cast(value as integer) end) as days_past_due,
        max(case when setting = 'event_class_rank' then cast(value as integer) end) as class_rank
    from policy.evaluation_setting
),

default_night as (
    select
        warning.client_id,
        warning.night
    from evaluated.warning as warning
    cross join setting
    left join evaluated.client_exposure as exposure
        on warning.client_id = exposure.client_id and warning.night = exposure.night
    left join policy.asset_class as floor on warning.floor_class = floor.asset_class
    where exposure.max_days_past_due > setting.days_past_due or floor.rank >= setting.class_rank
),

default_event as (
    select
        client_id,
        min(night) as event_date,
        cast(null as date) as first_visible_on
    from default_night
    group by client_id
)

select * from default_event
