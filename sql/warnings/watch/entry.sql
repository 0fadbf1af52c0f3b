-- one row per client that a rule of policy watch_entry puts on the watch list tonight: the highest stage, and the rule
with
run as (
    select * from warnings_watch.run
),

rule as (
    select
        entry.rule,
        entry.stage,
        entry.colour,
        entry.asset_class,
        entry.indicator,
        coalesce(entry.least_days, 0) as least_days,
        coalesce(entry.over_value, -1) as over_value,
        stage.level,
        colour.rank as colour_rank,
        class.rank as class_rank
    from policy.watch_entry as entry
    inner join policy.watch_stage as stage on entry.stage = stage.stage
    left join policy.colour as colour on entry.colour = colour.colour
    left join policy.asset_class as class on entry.asset_class = class.asset_class
),

class as (
    select
        loan_class.client_id,
        max(greatest(coalesce(booked.rank, 0), coalesce(floor.rank, 0))) as rank
    from warnings.loan_class as loan_class
    left join policy.asset_class as booked on loan_class.booked_class = booked.asset_class
    left join policy.asset_class as floor on loan_class.floor_class = floor.asset_class
    group by loan_class.client_id
),

-- a colour has stood since the run of the next one that is followed: blue or amber
coloured as (
    select
        run.client_id,
        rule.rule,
        rule.level
    from run
    inner join rule on run.rank >= rule.colour_rank
    where
        rule.least_days = 0
        or (
            rule.colour = 'blue'
            and date_diff('day', run.blue_since, $business_date) >= rule.least_days
        )
        or (
            rule.colour = 'amber'
            and date_diff('day', run.amber_since, $business_date) >= rule.least_days
        )
),

classed as (
    select
        run.client_id,
        rule.rule,
        rule.level
    from run
    inner join class on run.client_id = class.client_id
    inner join rule on class.rank >= rule.class_rank
),

signalled as (
    select
        run.client_id,
        rule.rule,
        rule.level
    from run
    inner join warnings.signal as signal on run.client_id = signal.client_id
    inner join rule on signal.indicator = rule.indicator
    where coalesce(signal.value, 0) > rule.over_value
),

defaulted as (
    select
        run.client_id,
        rule.rule,
        rule.level
    from run
    inner join warnings_watch.covenant_default as covenant_default on run.client_id = covenant_default.client_id
    inner join rule on rule.rule = 'covenant_default'
),

reached as (
    select * from coloured
    union all
    select * from classed
    union all
    select * from signalled
    union all
    select * from defaulted
),

highest as (
    select
        client_id,
        rule,
        level,
        row_number() over (partition by client_id order by level desc, rule asc) as place
    from reached
)

select
    client_id,
    rule,
    level
from highest
where place = 1
