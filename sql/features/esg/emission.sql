-- one row per project and year that it reported emissions of: tonnes, scopes 1 and 2 by kilowatt-hour and by million of
-- budget, and whether that is outside what its sector could emit
-- A slip of either makes a quotient of any size, so it has room: what is implausible is named, and stops no night.
-- A year's output counts where its periods, in the rhythm in which the project reports them, are all there with one.
{% import 'macros/intensity.sql' as intensity %}
with
project as (
    select
        project_id,
        sector_code,
        budget_amt
    from features.project_state
),

power as (
    select
        project.project_id,
        max(sector.kwh_per_unit) as kwh_per_unit
    from project
    inner join policy.output_kwh as sector on starts_with(project.sector_code, sector.sector_code)
    group by project.project_id
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

line as (
    select
        project_id,
        max(case when measure = 'g_per_kwh' then lowest end) as lowest_g_per_kwh,
        max(case when measure = 'g_per_kwh' then highest end) as highest_g_per_kwh,
        max(case when measure = 't_per_million' then lowest end) as lowest_t_per_million,
        max(case when measure = 't_per_million' then highest end) as highest_t_per_million
    from staging_plausible.line
    where measure in ('g_per_kwh', 't_per_million')
    group by project_id
),

joined as (
    select
        emission.project_id,
        emission.year,
        emission.scope1_t,
        emission.scope2_t,
        emission.scope3_t,
        emission.method_option,
        emission.data_quality,
        emission.scope1_t + emission.scope2_t as emission_t,
        period.project_id is not null as has_periods,
        case
            when period.periods * period.rhythm_months = 12 and period.known_periods = period.periods
                then period.output * power.kwh_per_unit
        end as output_kwh,
        project.budget_amt,
        line.lowest_g_per_kwh,
        line.highest_g_per_kwh,
        line.lowest_t_per_million,
        line.highest_t_per_million
    from source.emission as emission
    left join project on emission.project_id = project.project_id
    left join power on emission.project_id = power.project_id
    left join period on emission.project_id = period.project_id and emission.year = period.year
    left join line on emission.project_id = line.project_id
),

measured as (
    select
        *,
        {{ intensity.by_million('emission_t', 'output_kwh') }} as intensity_g_per_kwh,
        {{ intensity.by_million('emission_t', 'budget_amt') }} as intensity_t_per_million
    from joined
),

judged as (
    select
        project_id,
        year,
        scope1_t,
        scope2_t,
        scope3_t,
        method_option,
        data_quality,
        emission_t,
        has_periods,
        output_kwh,
        intensity_g_per_kwh,
        intensity_t_per_million,
        coalesce(
            intensity_g_per_kwh < lowest_g_per_kwh or intensity_g_per_kwh > highest_g_per_kwh, false
        ) as is_off_by_output,
        coalesce(
            intensity_t_per_million < lowest_t_per_million or intensity_t_per_million > highest_t_per_million, false
        ) as is_off_by_budget
    from measured
)

select
    *,
    is_off_by_output or is_off_by_budget as is_implausible
from judged
