-- one row per way of warning that is measured: a colour at least, the same without arrears, an indicator, a yardstick
with
colour as (
    select tone.colour
    from policy.colour as tone
    inner join policy.colour as amber on amber.colour = 'amber' and tone.rank >= amber.rank
),

-- also one that policy no longer has
indicator as (
    select indicator from policy.indicator
    union
    select indicator from evaluated.signal
),

yardstick as (
    select 'days_past_due' as code
    union all
    select 'utilisation' as code
),

measure as (
    select
        'colour' as kind,
        colour as code
    from colour
    union all
    select
        'colour_without_arrears' as kind,
        colour as code
    from colour
    union all
    select
        'indicator' as kind,
        indicator.indicator as code
    from indicator
    left join policy.indicator as rule on indicator.indicator = rule.indicator
    where coalesce(rule.counts_for_colour, true)
    union all
    select
        'yardstick' as kind,
        code
    from yardstick
    union all
    select
        'same_workload' as kind,
        code
    from yardstick
)

select * from measure
