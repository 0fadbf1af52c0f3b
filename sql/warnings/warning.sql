-- one row per active client (or one that still owes): its colour, coverage and five-class floor, and where its
-- score stands among peers and against itself; a colour is of credit, and who has none has none to give
with
settled as (
    select * from warnings_verdict.settled
),

ruling as (
    select * from warnings_verdict.ruling
),

base_colour as (
    select * from warnings_verdict.base_colour
),

peer_level as (
    select * from warnings_verdict.peer_level
),

score_trend as (
    select * from warnings_verdict.score_trend
),

colour as (
    select * from policy.colour
),

setting as (
    select
        max(case when setting = 'level_points' then value end) as level_points,
        max(case when setting = 'trend_points' then value end) as trend_points
    from policy.signal_setting
),

last_night as (
    select * from previous.warning
),

-- when an indicator with an open episode last fired, for whichever loan: while it fires for one, no other is worse
standing as (
    select
        client_id,
        indicator,
        max(last_seen) as last_seen
    from warnings.episode
    where closed_on is null
    group by client_id, indicator
),

-- whoever has an episode that is quiet tonight and still open: what it rested on may be back
quiet as (
    select distinct standing.client_id
    from standing
    inner join policy.indicator as indicator on standing.indicator = indicator.indicator
    where standing.last_seen < $business_date and indicator.counts_for_colour
),

-- the score tells where a client stands unless a class of a loan alone gives it its colour
compared as (
    select
        settled.client_id,
        peer_level.peer_group,
        peer_level.peer_count,
        peer_level.peer_median_score,
        settled.score - peer_level.peer_median_score as score_above_peers,
        score_trend.score_90d_ago,
        score_trend.score_90d_ago_on,
        settled.score - score_trend.score_90d_ago as score_change_90d,
        case
            when settled.is_floored or peer_level.client_id is null then 'unknown'
            when settled.score - peer_level.peer_median_score >= setting.level_points then 'worse'
            else 'in_line'
        end as standing,
        case
            when settled.is_floored or score_trend.client_id is null then 'unknown'
            when settled.score - score_trend.score_90d_ago >= setting.trend_points then 'deteriorating'
            else 'steady'
        end as trend
    from settled
    cross join setting
    left join peer_level on settled.client_id = peer_level.client_id
    left join score_trend on settled.client_id = score_trend.client_id
),

warning as (
    select
        $business_date as business_date,
        settled.client_id,
        settled.branch_id,
        tonight.colour,
        base_colour.colour as base_colour,
        base_colour.is_unseen as is_base_unseen,
        ruling.rule,
        settled.score,
        settled.coverage,
        compared.peer_group,
        compared.peer_count,
        compared.peer_median_score,
        compared.score_above_peers,
        compared.score_90d_ago,
        compared.score_90d_ago_on,
        compared.score_change_90d,
        case
            when compared.standing = 'unknown' and compared.trend = 'unknown' then null
            else compared.standing || '_' || compared.trend
        end as quadrant,
        settled.floor_class,
        settled.floor_reason,
        case when last_night.colour = tonight.colour then last_night.colour_since else $business_date end
            as colour_since,
        -- the day it last got worse: what gets better, is quiet or cannot be seen for some nights, is asked about no
        -- second time
        case
            when last_night.client_id is null or tonight.rank > held.rank then $business_date
            else coalesce(last_night.worsened_on, last_night.colour_since)
        end as worsened_on,
        -- the colour that worse is measured from: it stands while what it rested on may be unseen, or is quiet and its
        -- episode open, unless all is repaid
        case
            when
                tonight.rank < held.rank
                and tonight.colour <> 'no_credit'
                and (tonight.colour = 'not_assessed' or settled.is_unseen or quiet.client_id is not null)
                then held.colour
            else tonight.colour
        end as held_colour,
        -- from a colour to not assessed is no recovery, nor to a lower one while what it rested on may be unseen;
        -- from green to not assessed is a loss; and a first credit, or the last one repaid, is by itself neither
        case
            when last_night.client_id is null then 'new'
            when last_night.colour = tonight.colour then 'same'
            when tonight.colour = 'no_credit' and last_night.colour in ('green', 'not_assessed') then 'same'
            when last_night.colour = 'no_credit' and tonight.colour in ('green', 'not_assessed') then 'same'
            when tonight.colour = 'not_assessed' and last_night.colour = 'green' then 'worse'
            when tonight.colour = 'not_assessed' then 'same'
            when last_night.colour = 'not_assessed' and tonight.colour = 'green' then 'better'
            when tonight.rank > earlier.rank then 'worse'
            when settled.is_unseen then 'same'
            else 'better'
        end as change,
        last_night.colour as previous_colour,
        settled.assessed_count,
        settled.applicable_count,
        settled.not_assessed,
        settled.not_supplied
    from settled
    inner join compared on settled.client_id = compared.client_id
    inner join colour as tonight on settled.colour_rank = tonight.rank
    inner join base_colour on settled.client_id = base_colour.client_id
    left join quiet on settled.client_id = quiet.client_id
    left join ruling on settled.client_id = ruling.client_id and settled.rank = ruling.rank
    left join last_night on settled.client_id = last_night.client_id
    left join colour as earlier on last_night.colour = earlier.colour
    left join colour as held on coalesce(last_night.held_colour, last_night.colour) = held.colour
)

select * from warning
