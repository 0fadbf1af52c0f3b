-- one row per client with a warning: for how long its colour has stood, and how many seen days nothing did
with
warning as (
    select * from warnings.warning
),

before as (
    select * from previous.watch
),

setting as (
    select max(case when setting = 'longest_gap_days' then value end) as longest_gap_days
    from policy.watch_setting
),

colour as (
    select
        colour,
        rank
    from policy.colour
),

level as (
    select
        max(case when colour = 'amber' then rank end) as amber_rank,
        max(case when colour = 'blue' then rank end) as blue_rank
    from colour
),

-- what a night could not assess neither breaks a run nor counts as quiet; so does a night that was not run
seen as (
    select
        warning.client_id,
        warning.branch_id,
        colour.rank,
        warning.colour <> 'not_assessed' as is_known,
        colour.rank >= level.amber_rank as is_amber,
        colour.rank >= level.blue_rank as is_blue,
        before.blue_since,
        before.amber_since,
        coalesce(before.quiet_days, 0) as quiet_days,
        coalesce(before.clear_days, 0) as clear_days,
        case
            when before.business_date is null then 0
            else least(
                date_diff('day', before.business_date, $business_date),
                cast(setting.longest_gap_days as integer)
            )
        end as gap_days
    from warning
    cross join setting
    cross join level
    inner join colour on warning.colour = colour.colour
    left join before on warning.client_id = before.client_id
),

run as (
    select
        client_id,
        branch_id,
        rank,
        is_known,
        case
            when is_blue then coalesce(blue_since, $business_date)
            when not is_known then blue_since
        end as blue_since,
        case
            when is_amber then coalesce(amber_since, $business_date)
            when not is_known then amber_since
        end as amber_since,
        case
            when is_amber then 0
            when is_known then quiet_days + gap_days
            else quiet_days
        end as quiet_days,
        case
            when is_blue then 0
            when is_known then clear_days + gap_days
            else clear_days
        end as clear_days
    from seen
)

select * from run
