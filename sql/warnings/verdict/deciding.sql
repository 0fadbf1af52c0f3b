-- one row per client and rule that its colour rests on: of all that fired, those that reach the colour; for a reader
with
fired as (
    select * from warnings_verdict.fired
    where counts_for_colour
),

tally as (
    select * from warnings_verdict.tally
    where basis = 'all'
),

colour as (
    select * from policy.colour
),

warning as (
    select
        warning.client_id,
        warning.floor_class,
        warning.floor_reason,
        colour.colour,
        colour.rank
    from warnings.warning as warning
    inner join colour on warning.colour = colour.colour
),

floor_colour as (
    select
        class.asset_class,
        colour.rank
    from policy.asset_class as class
    inner join colour on class.min_colour = colour.colour
),

reached as (
    select
        tally.client_id,
        'score' as rule,
        colour.rank,
        cast(null as varchar) as subject,
        cast(tally.score as decimal(18, 4)) as value,
        cast(colour.min_score as decimal(18, 4)) as line,
        cast(null as integer) as group_count,
        cast(null as integer) as group_line
    from tally
    inner join colour on tally.score >= colour.min_score
    union all
    select
        tally.client_id,
        'reds' as rule,
        colour.rank,
        cast(null as varchar) as subject,
        tally.red_count as value,
        colour.red_count as line,
        tally.red_groups as group_count,
        colour.red_groups as group_line
    from tally
    inner join colour on tally.red_count >= colour.red_count and tally.red_groups >= colour.red_groups
    union all
    select
        tally.client_id,
        'single_red' as rule,
        colour.rank,
        cast(null as varchar) as subject,
        tally.red_weight as value,
        colour.single_red_weight as line,
        cast(null as integer) as group_count,
        cast(null as integer) as group_line
    from tally
    inner join colour on tally.red_weight >= colour.single_red_weight
    union all
    select
        tally.client_id,
        'ambers' as rule,
        colour.rank,
        cast(null as varchar) as subject,
        tally.amber_count as value,
        colour.amber_count as line,
        tally.amber_groups as group_count,
        colour.amber_groups as group_line
    from tally
    inner join colour on tally.amber_count >= colour.amber_count and tally.amber_groups >= colour.amber_groups
    union all
    select
        fired.client_id,
        'hard' as rule,
        colour.rank,
        fired.indicator as subject,
        cast(null as decimal(18, 4)) as value,
        cast(null as decimal(18, 4)) as line,
        cast(null as integer) as group_count,
        cast(null as integer) as group_line
    from fired
    inner join colour on fired.is_hard and colour.colour = 'red'
    union all
    select
        fired.client_id,
        'least_colour' as rule,
        colour.rank,
        fired.indicator as subject,
        cast(null as decimal(18, 4)) as value,
        cast(null as decimal(18, 4)) as line,
        cast(null as integer) as group_count,
        cast(null as integer) as group_line
    from fired
    inner join colour on fired.min_colour = colour.colour
    union all
    select
        warning.client_id,
        'floor' as rule,
        floor_colour.rank,
        warning.floor_reason as subject,
        cast(null as decimal(18, 4)) as value,
        cast(null as decimal(18, 4)) as line,
        cast(null as integer) as group_count,
        cast(null as integer) as group_line
    from warning
    inner join floor_colour on warning.floor_class = floor_colour.asset_class
),

-- an event that groups share is tried in each of them: what decides is what came out worst
deciding as (
    select
        reached.client_id,
        warning.colour,
        reached.rule,
        reached.subject,
        max(reached.value) as value,
        max(reached.line) as line,
        max(reached.group_count) as group_count,
        max(reached.group_line) as group_line
    from reached
    inner join warning on reached.client_id = warning.client_id and reached.rank = warning.rank
    group by reached.client_id, warning.colour, reached.rule, reached.subject
)

select * from deciding
