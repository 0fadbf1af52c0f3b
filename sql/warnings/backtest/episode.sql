-- one row per measure, client and stretch of nights on which it warned without a break: when it opened, what followed
with
setting as (
    select
        max(case when setting = 'horizon_days' then cast(value as integer) end) as horizon_days,
        max(case when setting = 'reopen_days' then cast(value as integer) end) as reopen_days
    from policy.evaluation_setting
),

known_day as (
    select night as day from evaluated.night
    union all
    select event_date as day from evaluated.event
),

known as (
    select max(day) as known_until from known_day
),

began as (
    select min(night) as first_night from evaluated.night
),

-- nights without a verdict on the client have no place: they end nothing
placed as (
    select
        client_id,
        night,
        row_number() over (partition by client_id order by night) as place
    from warnings_backtest.client_month
),

flagged as (
    select
        flag.kind,
        flag.code,
        flag.client_id,
        flag.night,
        flag.opened_on,
        placed.place,
        lag(placed.place) over (partition by flag.kind, flag.code, flag.client_id order by flag.night) as place_before,
        lag(flag.night) over (partition by flag.kind, flag.code, flag.client_id order by flag.night) as night_before
    from warnings_backtest.flag as flag
    inner join placed on flag.client_id = placed.client_id and flag.night = placed.night
),

numbered as (
    select
        flagged.*,
        sum(
            case
                when flagged.place = flagged.place_before + 1 then 0
                when flagged.opened_on <= flagged.night_before + setting.reopen_days then 0
                else 1
            end
        ) over (
            partition by flagged.kind, flagged.code, flagged.client_id
            order by flagged.night rows between unbounded preceding and current row
        ) as number
    from flagged
    cross join setting
),

stretch as (
    select
        kind,
        code,
        client_id,
        number,
        min(opened_on) as opened_on,
        max(night) as last_night,
        max(place) as last_place
    from numbered
    group by kind, code, client_id, number
),

last_verdict as (
    select
        client_id,
        max(place) as last_place
    from placed
    group by client_id
),

-- what stood before the first night is judged from that night on
judged as (
    select
        stretch.*,
        stretch.last_place = last_verdict.last_place as is_open,
        greatest(stretch.opened_on, began.first_night) + setting.horizon_days as judged_until
    from stretch
    cross join began
    cross join setting
    inner join last_verdict on stretch.client_id = last_verdict.client_id
),

episode as (
    select
        judged.kind,
        judged.code,
        judged.client_id,
        judged.opened_on,
        judged.last_night,
        judged.is_open,
        judged.judged_until <= known.known_until as is_complete,
        coalesce(event.event_date <= judged.judged_until, false) as is_followed
    from judged
    cross join known
    left join evaluated.event as event on judged.client_id = event.client_id
)

select * from episode
