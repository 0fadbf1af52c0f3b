-- one row per client with a colour of its own, tonight and 90 days ago: its score then
with
setting as (
    select cast(max(case when setting = 'trend_gap_days' then value end) as integer) as gap_days
    from policy.signal_setting
),

-- too little known, or no credit, is no score to compare with
known as (
    select settled.client_id
    from warnings_verdict.settled as settled
    inner join policy.colour as colour on settled.colour_rank = colour.rank
    where colour.colour not in ('not_assessed', 'no_credit')
),

history as (
    select
        client_id,
        first_night,
        least(last_night, $business_date - 90) as night,
        score
    from previous.score_history
    where colour not in ('not_assessed', 'no_credit')
),

-- a night so long before the ninetieth day stands for it where none was run on it
near as (
    select
        history.client_id,
        history.night,
        history.score,
        row_number() over (partition by history.client_id order by history.night desc) as place
    from history
    inner join known on history.client_id = known.client_id
    cross join setting
    where history.first_night <= $business_date - 90 and history.night >= $business_date - 90 - setting.gap_days
),

score_trend as (
    select
        client_id,
        night as score_90d_ago_on,
        score as score_90d_ago
    from near
    where place = 1
)

select * from score_trend
