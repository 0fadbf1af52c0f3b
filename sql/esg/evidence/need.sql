-- one row per project, IFC performance standard and piece of evidence that it needs and nothing on file shows
-- It is missing, held back (a row that the checks hold back may be it), or not recorded (what no table of the bank may
-- show is not the project's to answer for).
-- What only items answer is asked where one of them is asked of the project's sector and stage, or where its sector is
-- not known: a letter and two digits begin a code that is.
with
seen as (
    select * from policy.standard_need_seen
),

need as (
    select
        need.need,
        need.standard,
        need.place,
        need.asked_with,
        text.name_zh,
        text.name_en
    from policy.standard_need as need
    inner join policy.standard_need_text as text on need.need = text.need
),

-- what no table has a place for is shown by an action of the plan that is done, with evidence
fact as (
    select
        project_id,
        table_name,
        evidence_column,
        code
    from esg_evidence.fact
    union
    select
        project_id,
        'esap_action' as table_name,
        cast(null as varchar) as evidence_column,
        lower(standard) as code
    from esg.action
    where state = 'done' and evidence_id is not null and standard is not null
),

found as (
    select distinct
        fact.project_id,
        seen.need
    from fact
    inner join seen
        on
            fact.table_name = seen.table_name
            and coalesce(fact.evidence_column, '') = coalesce(seen.evidence_column, '')
            and (seen.code is null or fact.code = seen.code)
),

held as (
    select distinct
        withheld.reviewed_project_id as project_id,
        seen.need
    from esg_review.withheld_row as withheld
    inner join seen on withheld.table_name = seen.table_name
),

supplied as (
    select
        table_name,
        cast(null as varchar) as evidence_column
    from night.supplied
    where is_supplied
    union
    select
        table_name,
        column_name as evidence_column
    from night.supplied_column
),

showable as (
    select distinct seen.need
    from seen
    inner join supplied
        on
            seen.table_name = supplied.table_name
            and coalesce(seen.evidence_column, '') = coalesce(supplied.evidence_column, '')
),

asked_of_all as (
    select distinct need
    from seen
    where table_name <> 'esg_item'
),

asked_by_item as (
    select distinct
        item.project_id,
        seen.need
    from features.esg_item_state as item
    inner join seen on seen.table_name = 'esg_item' and item.item = seen.code
),

project as (
    select
        project_id,
        coalesce(substr(sector_code, 2, 2) not between '00' and '99', true) as is_sector_unknown
    from features.project_state
),

-- asked first and filtered then: joined and filtered at once, the engine's order of joins loses rows
asked as (
    select
        project.project_id,
        need.standard,
        need.need,
        need.place,
        need.name_zh,
        need.name_en,
        asked_of_all.need is not null or own.need is not null or project.is_sector_unknown as is_own,
        need.asked_with is null or other.need is not null or project.is_sector_unknown as is_beside_asked,
        found.need is not null as is_found,
        case
            when held.need is not null then 'held_back'
            when showable.need is null then 'not_recorded'
            else 'missing'
        end as state
    from project
    cross join need
    left join asked_of_all on need.need = asked_of_all.need
    left join asked_by_item as own on project.project_id = own.project_id and need.need = own.need
    left join asked_by_item as other on project.project_id = other.project_id and need.asked_with = other.need
    left join found on project.project_id = found.project_id and need.need = found.need
    left join held on project.project_id = held.project_id and need.need = held.need
    left join showable on need.need = showable.need
),

lacking as (
    select
        project_id,
        standard,
        need,
        place,
        name_zh,
        name_en,
        state
    from asked
    where is_own and is_beside_asked and not is_found
)

select * from lacking
