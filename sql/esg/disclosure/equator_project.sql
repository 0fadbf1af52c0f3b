-- one row per project that the Equator Principles reach or may reach, by the year of its approval
-- The approval stands for the financial close, which no table has. An independent review is one that a consultant has
-- done; where no table can say so it is not known.
with
reading as (
    select * from esg.equator_reading
),

project as (
    select * from features.project_state
),

sector as (
    select
        project.project_id,
        sector.sector,
        row_number() over (partition by project.project_id order by length(sector.sector_code) desc) as place
    from project
    inner join policy.equator_sector as sector on starts_with(project.sector_code, sector.sector_code)
),

consultant as (
    select
        project_id,
        max(done_on) as done_on,
        max(case when reason = 'not_recorded' then 1 else 0 end) = 1 as is_untold
    from tasks.esg_due
    where kind = 'consultant'
    group by project_id
),

listed as (
    select
        project.project_id,
        project.name,
        year(project.approved_on) as year,
        project.approved_on,
        reading.product,
        reading.category,
        coalesce(sector.sector, 'others') as sector,
        project.sector_code,
        project.country,
        coalesce(region.region, 'unknown') as region,
        reading.is_designated,
        reading.is_in_scope,
        reading.scope_rule,
        reading.cost_usd,
        case
            when consultant.done_on is not null then 'yes'
            when consultant.is_untold then 'unknown'
            when consultant.project_id is not null then 'no'
            when reading.category = 'C' then 'not_asked'
            else 'unknown'
        end as independent_review
    from project
    inner join reading on project.project_id = reading.project_id
    left join sector on project.project_id = sector.project_id and sector.place = 1
    left join policy.equator_region as region on upper(trim(project.country)) = region.country
    left join consultant on project.project_id = consultant.project_id
    where coalesce(reading.is_in_scope, true)
)

select * from listed
