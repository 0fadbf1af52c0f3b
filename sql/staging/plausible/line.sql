-- one row per project and measure that has a plausible range in its sector: the range of the longest sector code that
-- its own begins with, else that of any sector
with
project as (
    select
        project_id,
        sector_code
    from source.project
),

fitting as (
    select
        project.project_id,
        plausible.measure,
        plausible.lowest,
        plausible.highest,
        plausible.sector_code,
        plausible.trust,
        plausible.source_zh,
        plausible.source_en,
        row_number() over (
            partition by project.project_id, plausible.measure
            order by case plausible.sector_code when 'any' then 0 else length(plausible.sector_code) end desc
        ) as place
    from project
    inner join policy.esg_plausible as plausible
        on plausible.sector_code = 'any' or starts_with(project.sector_code, plausible.sector_code)
)

select
    project_id,
    measure,
    lowest,
    highest,
    sector_code,
    trust,
    source_zh,
    source_en
from fitting
where place = 1
