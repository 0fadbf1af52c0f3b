{# How what fired of a client is counted, and which colours that reaches: by its own signals alone, and by all. #}
{% set counted = [
    ('score', 'tally.score', 'colour.min_score', none, none),
    ('reds', 'tally.red_count', 'colour.red_count', 'tally.red_families', 'colour.red_families'),
    ('single_red', 'tally.red_weight', 'colour.single_red_weight', none, none),
    ('ambers', 'tally.amber_count', 'colour.amber_count', 'tally.amber_families', 'colour.amber_families'),
] %}
{% set alone = [
    ('hard', "fired.is_hard and colour.colour = 'red'"),
    ('least_colour', 'fired.min_colour = colour.colour'),
    ('told', "(fired.severity = 'blue' or fired.severity = 'amber' and fired.is_unproven) and colour.colour = 'blue'"),
] %}

{# The steps up to `tally`: one row per client and group that shared events are counted in. #}
{% macro tally(table) -%}
-- what is capped at blue is told, and not counted
fired as (
    select * from {{ table }}
    where counts_for_colour and severity <> 'blue'
),

cap as (
    select * from policy.group_cap
),

setting as (
    select
        max(case when setting = 'max_score' then value end) as max_score,
        max(case when setting = 'unproven_amber_counts' then value end) > 0 as is_unproven_counted
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

-- what one event is told by within a group is one line of it, as grave and as heavy as the gravest and heaviest
single as (
    select
        client_id,
        group_code,
        family,
        event_key,
        max(case when severity = 'red' and not coalesce(is_unproven, false) then 1 else 0 end) = 1 as is_red,
        max(case when severity = 'red' and not coalesce(is_unproven, false) then weight end) as red_weight,
        max(case when severity = 'red' or not coalesce(is_unproven, false) then 1 else 0 end) = 1 as is_amber,
        max(weight) as weight,
        max(points) as points
    from fired
    where event_key is not null
    group by client_id, group_code, family, event_key
),

placed as (
    select
        single.client_id,
        preference.preferred_group,
        single.group_code,
        single.family,
        single.is_red,
        single.is_amber,
        coalesce(single.red_weight, single.weight) as weight,
        single.points,
        row_number() over (
            partition by single.client_id, preference.preferred_group, single.event_key
            order by
                case when single.group_code = preference.preferred_group then 0 else 1 end asc,
                single.points desc,
                single.weight desc,
                single.group_code asc,
                single.family asc
        ) as place
    from single
    inner join preference on single.client_id = preference.client_id
    union all
    select
        fired.client_id,
        preference.preferred_group,
        fired.group_code,
        fired.family,
        fired.severity = 'red' and not coalesce(fired.is_unproven, false) as is_red,
        fired.severity = 'red' or not coalesce(fired.is_unproven, false) as is_amber,
        fired.weight,
        fired.points,
        1 as place
    from fired
    inner join preference on fired.client_id = preference.client_id
    where fired.event_key is null
),

-- points are capped by group, so that what is alike is not counted thrice
by_group as (
    select
        placed.client_id,
        placed.preferred_group,
        placed.group_code,
        least(sum(placed.points), coalesce(max(cap.cap), 0)) as points
    from placed
    left join cap on placed.group_code = cap.group_code
    where placed.place = 1
    group by placed.client_id, placed.preferred_group, placed.group_code
),

summed as (
    select
        client_id,
        preferred_group,
        least(sum(points), max(setting.max_score)) as score
    from by_group
    cross join setting
    group by client_id, preferred_group
),

-- evidence of several kinds is counted by family; whatever is red is at least amber, and counts where ambers do. What
-- nobody has shown to help counts a step less: a red of it where ambers do, and an amber of it with its points alone
counts as (
    select
        placed.client_id,
        placed.preferred_group,
        sum(case when placed.is_amber or setting.is_unproven_counted then 1 else 0 end) as amber_count,
        count(distinct case when placed.is_amber or setting.is_unproven_counted then placed.family end)
            as amber_families,
        sum(case when placed.is_red then 1 else 0 end) as red_count,
        count(distinct case when placed.is_red then placed.family end) as red_families,
        max(case when placed.is_red then placed.weight else -1 end) as red_weight
    from placed
    cross join setting
    where placed.place = 1
    group by placed.client_id, placed.preferred_group
),

tally as (
    select
        counts.client_id,
        counts.preferred_group,
        summed.score,
        counts.amber_count,
        counts.amber_families,
        counts.red_count,
        counts.red_families,
        counts.red_weight
    from counts
    inner join summed
        on counts.client_id = summed.client_id and counts.preferred_group = summed.preferred_group
)
{%- endmacro %}

{# The steps up to `reached`: one row per client and rule of policy colour. #}
{% macro reached(fired, tally) -%}
fired as (
    select * from {{ fired }}
    where counts_for_colour
),

tally as (
    select * from {{ tally }}
),

colour as (
    select * from policy.colour
),

reached as (
    {% for rule, value, line, families, family_line in counted %}
    select
        tally.client_id,
        '{{ rule }}' as rule,
        colour.rank,
        cast(null as varchar) as subject,
        cast({{ value }} as decimal(18, 4)) as value,
        cast({{ line }} as decimal(18, 4)) as line,
        cast({{ families or 'null' }} as integer) as family_count,
        cast({{ family_line or 'null' }} as integer) as family_line
    from tally
    inner join colour
        on {{ value }} >= {{ line }}{{ ' and ' ~ families ~ ' >= ' ~ family_line if families }}
    union all
    {% endfor %}
{% for rule, condition in alone %}
    select
        fired.client_id,
        '{{ rule }}' as rule,
        colour.rank,
        fired.indicator as subject,
        cast(null as decimal(18, 4)) as value,
        cast(null as decimal(18, 4)) as line,
        cast(null as integer) as family_count,
        cast(null as integer) as family_line
    from fired
    inner join colour on {{ condition }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
)
{%- endmacro %}
