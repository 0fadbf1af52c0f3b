-- one row per project, IFC performance standard and piece of evidence that it needs and nothing on file shows
-- What only items answer is asked where one of them is asked of the project's sector and stage, or where its sector is
-- not known: a letter and two digits begin a code that is. A row that the checks hold back may be the evidence: it is
-- not called lacking.
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
        code
    from esg_evidence.fact
    union
    select
        project_id,
        'esap_action' as table_name,
        lower(standard) as code
    from esg.action
    where state = 'done' and evidence_id is not null and standard is not null
),

found as (
    select distinct
        fact.project_id,
        seen.need
    from fact
    inner join seen on fact.table_name = seen.table_name and (seen.code is null or fact.code = seen.code)
),

held as (
    select distinct
        withheld.reviewed_project_id as project_id,
        seen.need
    from esg_review.withheld_row as withheld
    inner join seen on withheld.table_name = seen.table_name
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

lacking as (
    select
        project.project_id,
        need.standard,
        need.need,
        need.place,
        need.name_zh,
        need.name_en
    from project
    cross join need
    left join asked_of_all on need.need = asked_of_all.need
    left join asked_by_item as own on project.project_id = own.project_id and need.need = own.need
    left join asked_by_item as other on project.project_id = other.project_id and need.asked_with = other.need
    left join found on project.project_id = found.project_id and need.need = found.need
    left join held on project.project_id = held.project_id and need.need = held.need
    where
        (asked_of_all.need is not null or own.need is not null or project.is_sector_unknown)
        and (need.asked_with is null or other.need is not null or project.is_sector_unknown)
        and found.need is null
        and held.need is null
)

select * from lacking
