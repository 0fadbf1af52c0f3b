-- one row per power project and year with emissions: grams of CO2 equivalent of scopes 1 and 2 per kilowatt-hour, or
-- why there is none
with
sector as (
    select * from policy.output_kwh
),

power as (
    select distinct
        project.project_id,
        project.name,
        project.category,
        project.sector_code,
        project.stage
    from esg_portfolio.project as project
    inner join sector on starts_with(project.sector_code, sector.sector_code)
),

measured as (
    select
        power.*,
        emission.year,
        emission.emission_t,
        emission.data_quality,
        emission.output_kwh,
        case when not emission.is_implausible then emission.intensity_g_per_kwh end as intensity_g_per_kwh,
        case
            when emission.emission_t is null then 'scope_not_reported'
            when not emission.has_periods then 'no_output'
            when emission.output_kwh is null then 'year_not_whole'
            when emission.output_kwh = 0 then 'no_output'
            when emission.is_implausible then 'implausible'
        end as reason
    from power
    inner join features_esg.emission as emission on power.project_id = emission.project_id
)

select * from measured
