-- one row per power project and year with emissions: grams of CO2 equivalent of scopes 1 and 2 per kilowatt-hour, or
-- why there is none
-- A year counts where its periods, in the rhythm in which the project reports them, are all there with an output.
with
sector as (
    select * from policy.output_kwh
),

power as (
    select
        project.project_id,
        project.name,
        project.category,
        project.sector_code,
        project.stage,
        max(sector.kwh_per_unit) as kwh_per_unit
    from esg_portfolio.project as project
    inner join sector on starts_with(project.sector_code, sector.sector_code)
    group by project.project_id, project.name, project.category, project.sector_code, project.stage
),

period as (
    select
        project_id,
        year(period_end) as year,
        count(*) as periods,
        count(output) as known_periods,
        min(rhythm_months) as rhythm_months,
        sum(output) as output
    from features_project.period
    where kind = 'actual'
    group by project_id, year(period_end)
),

emitted as (
    select
        project_id,
        year,
        scope1_t + scope2_t as emission_t,
        data_quality
    from source.emission
),

joined as (
    select
        power.*,
        emitted.year,
        emitted.emission_t,
        emitted.data_quality,
        case
            when period.periods * period.rhythm_months = 12 and period.known_periods = period.periods
                then period.output * power.kwh_per_unit
        end as output_kwh,
        period.project_id is not null as has_periods
    from power
    inner join emitted on power.project_id = emitted.project_id
    left join period on emitted.project_id = period.project_id and emitted.year = period.year
),

measured as (
    select
        *,
        cast(emission_t * 1000000 / nullif(output_kwh, 0) as decimal(18, 4)) as intensity_g_per_kwh,
        case
            when emission_t is null then 'scope_not_reported'
            when not has_periods then 'no_output'
            when output_kwh is null then 'year_not_whole'
            when output_kwh = 0 then 'no_output'
        end as reason
    from joined
)

select * from measured
