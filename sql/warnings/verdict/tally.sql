-- one row per client, group that shared events are counted in, and basis (with or without contagion): what fired
with
fired as (
    select * from warnings_verdict.fired
    where counts_for_colour
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
        severity,
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
        severity,
        weight,
        points,
        1 as place
    from counted
    where event_key is null
),

by_group as (
    select
        placed.client_id,
        placed.preferred_group,
        placed.basis,
        placed.group_code,
        least(sum(placed.points), coalesce(max(cap.cap), 0)) as points,
        count(*) as ambers,
        sum(case when placed.severity = 'red' then 1 else 0 end) as reds,
        max(case when placed.severity = 'red' then placed.weight else -1 end) as red_weight
    from placed
    left join cap on placed.group_code = cap.group_code
    where placed.place = 1
    group by placed.client_id, placed.preferred_group, placed.basis, placed.group_code
),

-- whatever is red is at least amber, and counts where ambers are counted
tally as (
    select
        client_id,
        preferred_group,
        basis,
        least(sum(points), max(setting.max_score)) as score,
        sum(ambers) as amber_count,
        count(*) as amber_groups,
        sum(reds) as red_count,
        sum(case when reds > 0 then 1 else 0 end) as red_groups,
        max(red_weight) as red_weight
    from by_group
    cross join setting
    group by client_id, preferred_group, basis
)

select * from tally
