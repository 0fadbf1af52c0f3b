-- one row per client with a verdict and indicator in force: whether it applies, what it measured, or why nobody knows
with
client as (
    select client_id
    from warnings.warning
),

rule as (
    select indicator
    from policy.indicator
),

measured as (
    select
        client_id,
        indicator,
        is_assessed,
        is_withheld,
        missing,
        quiet_case,
        value
    from warnings_verdict.reading
    union all
    select
        client_id,
        indicator,
        is_assessed,
        is_withheld,
        missing,
        quiet_case,
        value
    from warnings_verdict.contagion
    union all
    select
        client_id,
        indicator,
        is_assessed,
        false as is_withheld,
        cast(null as varchar) as missing,
        quiet_case,
        value
    from warnings_verdict.quality
),

-- a value that may not be relied on is none
indicator_reading as (
    select
        client.client_id,
        rule.indicator,
        measured.client_id is not null as is_applicable,
        coalesce(measured.is_assessed, false) as is_assessed,
        case when measured.is_assessed then measured.value end as value,
        case
            when measured.client_id is null or measured.is_assessed then null
            when measured.is_withheld then 'withheld'
            when measured.missing is not null then 'not_supplied:' || measured.missing
            else coalesce('not_known:' || measured.quiet_case, 'not_known')
        end as reason_not_assessed
    from client
    cross join rule
    left join measured on client.client_id = measured.client_id and rule.indicator = measured.indicator
)

select * from indicator_reading
