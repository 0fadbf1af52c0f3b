-- one row per event and measure: whether it was a hit, and by how many days an open warning led (null: none was open,
-- or it is left out, as it opened on a night that was reconstructed of tables that do not say when a row was known)
with
setting as (
    select
        max(case when setting = 'horizon_days' then cast(value as integer) end) as horizon_days,
        max(case when setting = 'hit_lead_days' then cast(value as integer) end) as hit_lead_days
    from policy.evaluation_setting
),

ended as (
    select max(night) as last_night from evaluated.night
),

-- later events say which warnings were right; whether they themselves were told no night can say yet
seen as (
    select
        event.client_id,
        event.event_date,
        event.first_visible_on
    from evaluated.event as event
    cross join setting
    cross join ended
    inner join warnings_backtest.client_month as client_month on event.client_id = client_month.client_id
    where
        event.event_date <= ended.last_night
        and client_month.night >= event.event_date - setting.horizon_days
        and client_month.night <= event.event_date - setting.hit_lead_days
    group by event.client_id, event.event_date, event.first_visible_on
),

told as (
    select
        measure.kind,
        measure.code,
        seen.client_id,
        seen.event_date,
        seen.first_visible_on,
        max(
            case
                when
                    episode.opened_on <= seen.event_date - setting.hit_lead_days
                    and episode.last_night >= seen.event_date - setting.horizon_days
                    then 1
                else 0
            end
        ) = 1 as is_hit,
        min(case when episode.is_open then episode.opened_on end) as opened_on
    from seen
    cross join setting
    cross join warnings_backtest.measure as measure
    left join warnings_backtest.episode as episode
        on
            seen.client_id = episode.client_id
            and measure.kind = episode.kind
            and measure.code = episode.code
    group by measure.kind, measure.code, seen.client_id, seen.event_date, seen.first_visible_on
),

recorded as (
    select
        told.*,
        reconstructed.night is not null as is_left_out
    from told
    left join evaluated.reconstructed_night as reconstructed on told.opened_on = reconstructed.night
),

event_told as (
    select
        kind,
        code,
        client_id,
        event_date,
        is_hit,
        is_left_out,
        case when not is_left_out then cast(date_diff('day', opened_on, event_date) as integer) end as lead_days,
        -- below zero: it stood before there was anything to see
        case when not is_left_out then cast(date_diff('day', first_visible_on, opened_on) as integer) end as delay_days
    from recorded
)

select * from event_told
