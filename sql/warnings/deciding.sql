-- one row per client and rule that its colour rests on: of all that it reaches, those of the worst colour
with
reached as (
    select * from warnings_verdict.reached
),

colour as (
    select * from policy.colour
),

warning as (
    select
        warning.client_id,
        warning.branch_id,
        warning.floor_class,
        warning.floor_reason,
        colour.colour,
        colour.rank
    from warnings.warning as warning
    inner join colour on warning.colour = colour.colour
),

floored as (
    select
        warning.client_id,
        'floor' as rule,
        colour.rank,
        warning.floor_reason as subject,
        cast(null as decimal(18, 4)) as value,
        cast(null as decimal(18, 4)) as line,
        cast(null as integer) as family_count,
        cast(null as integer) as family_line
    from warning
    inner join policy.asset_class as class on warning.floor_class = class.asset_class
    inner join colour on class.min_colour = colour.colour
),

every as (
    select
        client_id,
        rule,
        rank,
        subject,
        value,
        line,
        family_count,
        family_line
    from reached
    union all
    select * from floored
),

-- an event that groups share is tried in each of them: what decides is what came out worst
deciding as (
    select
        $business_date as business_date,
        every.client_id,
        warning.branch_id,
        warning.colour,
        every.rule,
        every.subject,
        max(every.value) as value,
        max(every.line) as line,
        max(every.family_count) as family_count,
        max(every.family_line) as family_line
    from every
    inner join warning on every.client_id = warning.client_id and every.rank = warning.rank
    group by every.client_id, warning.branch_id, warning.colour, every.rule, every.subject
)

select * from deciding
