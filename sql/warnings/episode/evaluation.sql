-- one row per client and indicator of an episode or a signal: what tonight says of it
with
open_before as (
    select
        client_id,
        indicator
    from previous.episode
    where closed_on is null
),

fired as (
    select
        client_id,
        indicator
    from warnings.signal
),

asked as (
    select * from open_before
    union
    select * from fired
),

reading as (
    select
        client_id,
        indicator,
        is_assessed,
        severity,
        value,
        amber_line,
        data_date
    from warnings_verdict.reading
    union all
    select
        client_id,
        indicator,
        is_assessed,
        severity,
        value,
        amber_line,
        data_date
    from warnings_verdict.contagion
    union all
    select
        client_id,
        indicator,
        is_assessed,
        severity,
        value,
        amber_line,
        data_date
    from warnings_verdict.quality
),

withheld as (
    select * from warnings_verdict.withheld
),

rule as (
    select * from policy.indicator
),

setting as (
    select
        cast(max(case when setting = 'clear_distance_pct' then value end) * 0.01 as decimal(9, 6)) as clear_distance,
        cast(max(case when setting = 'lapse_days' then value end) as integer) as lapse_days
    from policy.episode_setting
),

-- how far short of its line a value has to be to be clear
graded as (
    select
        asked.client_id,
        asked.indicator,
        rule.direction,
        coalesce(rule.window_days, setting.lapse_days) as lapse_days,
        coalesce(family_rhythm.rhythm, 'daily') as rhythm,
        coalesce(clear_rhythm.clear_evaluations, 1) as clear_evaluations,
        reading.value,
        coalesce(reading.data_date, $business_date) as data_on,
        reading.amber_line,
        coalesce(rule.clear_margin, setting.clear_distance * abs(rule.red_value - rule.amber_value), 0) as margin,
        case
            when reading.severity is not null then 'fires'
            when withheld.client_id is not null then 'unknown'
            when reading.client_id is null then 'not_applicable'
            when not reading.is_assessed then 'unknown'
            else 'quiet'
        end as outcome
    from asked
    cross join setting
    left join reading on asked.client_id = reading.client_id and asked.indicator = reading.indicator
    left join withheld on asked.client_id = withheld.client_id and asked.indicator = withheld.rule
    left join rule on asked.indicator = rule.indicator
    left join policy.family_rhythm as family_rhythm on rule.family = family_rhythm.family
    left join policy.clear_rhythm as clear_rhythm on family_rhythm.rhythm = clear_rhythm.rhythm
),

-- what cannot be below nothing is clear at nothing: no margin asks for more
evaluation as (
    select
        client_id,
        indicator,
        outcome,
        value,
        data_on,
        direction,
        rhythm,
        clear_evaluations,
        lapse_days,
        cast(
            case
                when direction = 'high' and amber_line >= 0 then greatest(amber_line - margin, 0)
                when direction = 'high' then amber_line - margin
                else amber_line + margin
            end as decimal(18, 4)
        ) as clear_value
    from graded
)

select * from evaluation
