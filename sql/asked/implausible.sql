-- one row per figure of a project, or of a company that borrows, that is outside what its sector could have: named,
-- and not used
with
project as (
    select
        project_id,
        name
    from source.project
),

measured as (
    select
        reported.project_id,
        lower(trim(reported.item)) as measure,
        cast(reported.period_end as varchar) as period,
        cast(reported.value as decimal(38, 4)) as value,
        item.unit
    from source.esg_item as reported
    inner join staging.esg_item as judged
        on
            reported.project_id = judged.project_id
            and reported.period_end = judged.period_end
            and lower(trim(reported.item)) = judged.item
    inner join policy.esg_item as item on judged.item = item.item
    where judged.is_implausible
),

emitted as (
    select
        project_id,
        'g_per_kwh' as measure,
        cast(year as varchar) as period,
        intensity_g_per_kwh as value,
        cast(null as varchar) as unit
    from features_esg.emission
    where is_off_by_output
    union all
    select
        project_id,
        't_per_million' as measure,
        cast(year as varchar) as period,
        intensity_t_per_million as value,
        cast(null as varchar) as unit
    from features_esg.emission
    where is_off_by_budget
),

found as (
    select * from measured
    union all
    select * from emitted
),

of_project as (
    select
        found.project_id,
        cast(null as varchar) as client_id,
        project.name,
        found.measure,
        words.name_zh as measure_zh,
        words.name_en as measure_en,
        found.period,
        found.value,
        found.unit,
        cast(line.lowest as decimal(18, 4)) as lowest,
        cast(line.highest as decimal(18, 4)) as highest,
        line.sector_code,
        line.trust,
        line.source_zh,
        line.source_en
    from found
    inner join staging_plausible.line as line
        on found.project_id = line.project_id and found.measure = line.measure
    left join project on found.project_id = project.project_id
    left join policy.esg_item_text as words on found.measure = words.item
),

-- a company is named by its number alone: the page goes to those who mend data
of_company as (
    select
        cast(null as varchar) as project_id,
        client_id,
        cast(null as varchar) as name,
        't_per_million_revenue' as measure,
        cast(null as varchar) as measure_zh,
        cast(null as varchar) as measure_en,
        cast(year as varchar) as period,
        intensity_t_per_million as value,
        cast(null as varchar) as unit,
        cast(lowest as decimal(18, 4)) as lowest,
        cast(highest as decimal(18, 4)) as highest,
        sector_code,
        trust,
        source_zh,
        source_en
    from esg_emission.client_year
    where is_implausible
)

select * from of_project
union all
select * from of_company
