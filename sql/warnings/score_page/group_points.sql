-- one row per client and group of indicators with points: their sum, the group's cap, and what of it counts
-- `told_points` is the sum of what a branch may read: a signal for risk alone is not found by its points
with
-- what policy tells without counting has no part in a score
rule as (
    select indicator
    from policy.indicator
    where counts_for_colour
),

cap as (
    select
        group_code,
        cap
    from policy.group_cap
),

-- what one event is told by within a group is one line of it, as heavy as the heaviest
single as (
    select
        signal.client_id,
        signal.branch_id,
        signal.group_code,
        coalesce(signal.event_key, signal.indicator) as matter,
        signal.family,
        max(signal.points) as points,
        max(case when signal.audience = 'branch' then signal.points else 0 end) as told_points
    from warnings.signal as signal
    inner join rule on signal.indicator = rule.indicator
    where signal.severity <> 'blue'
    group by
        signal.client_id,
        signal.branch_id,
        signal.group_code,
        coalesce(signal.event_key, signal.indicator),
        signal.family
),

summed as (
    select
        client_id,
        branch_id,
        group_code,
        cast(sum(points) as decimal(18, 2)) as points,
        cast(sum(told_points) as decimal(18, 2)) as told_points
    from single
    group by client_id, branch_id, group_code
),

group_points as (
    select
        summed.client_id,
        summed.branch_id,
        summed.group_code,
        summed.points,
        summed.told_points,
        coalesce(cap.cap, 0) as cap,
        cast(least(summed.points, coalesce(cap.cap, 0)) as decimal(18, 2)) as counted_points,
        summed.points > coalesce(cap.cap, 0) as is_capped
    from summed
    left join cap on summed.group_code = cap.group_code
)

select * from group_points
where points > 0
