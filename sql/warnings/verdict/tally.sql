-- one row per client, group that shared events are counted in, and basis (with or without contagion): what fired
with
-- what is capped at blue is told, and not counted
fired as (
    select * from warnings_verdict.fired
    where counts_for_colour and severity <> 'blue'
),

cap as (
    select * from policy.group_cap
),

setting as (
    select max(case when setting = 'max_score' then value end) as max_score
    from policy.signal_setting
),

shared_event as (
    select
        client_id,
        event_key
    from fired
    where event_key is not null
    group by client_id, event_key
    having count(*) > 1
),

catching as (
    select distinct client_id
    from fired
    where is_contagion
),

-- One event counts once, in one group. In which, is chosen to the client's worse: each group that shares an event is
-- tried as the preferred one, and the worst colour stands, so that a further signal of an event can never lower it.
preference as (
    select distinct
        client_id,
        '' as preferred_group
    from fired
    union all
    select distinct
        fired.client_id,
        fired.group_code as preferred_group
    from fired
    inner join shared_event on fired.client_id = shared_event.client_id and fired.event_key = shared_event.event_key
),

-- contagion counts for the colour and not for the base colour, which is worked out apart where it makes a difference
counted as (
    select
        fired.*,
        preference.preferred_group,
        'all' as basis
    from fired
    inner join preference on fired.client_id = preference.client_id
    union all
    select
        fired.*,
        preference.preferred_group,
        'base' as basis
    from fired
    inner join preference on fired.client_id = preference.client_id
    inner join catching on fired.client_id = catching.client_id
    where not fired.is_contagion
),

placed as (
    select
        client_id,
        preferred_group,
        basis,
        group_code,
        family,
        severity,
        severity = 'red' and not coalesce(is_unproven, false) as is_red,
        weight,
        points,
        row_number() over (
            partition by client_id, preferred_group, basis, event_key
            order by
                case when group_code = preferred_group then 0 else 1 end asc, points desc, weight desc, indicator asc
        ) as place
    from counted
    where event_key is not null
    union all
    select
        client_id,
        preferred_group,
        basis,
        group_code,
        family,
        severity,
        severity = 'red' and not coalesce(is_unproven, false) as is_red,
        weight,
        points,
        1 as place
    from counted
    where event_key is null
),

-- points are capped by group, so that what is alike is not counted thrice
by_group as (
    select
        placed.client_id,
        placed.preferred_group,
        placed.basis,
        placed.group_code,
        least(sum(placed.points), coalesce(max(cap.cap), 0)) as points
    from placed
    left join cap on placed.group_code = cap.group_code
    where placed.place = 1
    group by placed.client_id, placed.preferred_group, placed.basis, placed.group_code
),

summed as (
    select
        client_id,
        preferred_group,
        basis,
        least(sum(points), max(setting.max_score)) as score
    from by_group
    cross join setting
    group by client_id, preferred_group, basis
),

-- evidence of several kinds is counted by family; whatever is red is at least amber, and counts where ambers do; a red
-- of which nobody knows yet that it helps counts there alone
counts as (
    select
        client_id,
        preferred_group,
        basis,
        count(*) as amber_count,
        count(distinct family) as amber_families,
        sum(case when is_red then 1 else 0 end) as red_count,
        count(distinct case when is_red then family end) as red_families,
        max(case when is_red then weight else -1 end) as red_weight
    from placed
    where place = 1
    group by client_id, preferred_group, basis
),

tally as (
    select
        counts.client_id,
        counts.preferred_group,
        counts.basis,
        summed.score,
        counts.amber_count,
        counts.amber_families,
        counts.red_count,
        counts.red_families,
        counts.red_weight
    from counts
    inner join summed
        on
            counts.client_id = summed.client_id
            and counts.preferred_group = summed.preferred_group
            and counts.basis = summed.basis
)

select * from tally
