-- one row per project, day that it is scored as of, and item that counts for it: its weight, grade and evidence
-- An item counts where the project's sector and stage are asked for it, and anywhere it is reported with evidence. The
-- weight of a part is shared equally among the items that count.
{% import 'macros/month.sql' as month %}
with
project as (
    select * from features.project_state
),

asked as (
    select * from features_esg.scored_day
),

setting as (
    select
        max(case when setting = 'evidence_aged_months' then value end) as aged_months,
        cast(max(case when setting = 'evidence_aged_pct' then value end) * 0.01 as decimal(9, 6)) as aged_share
    from policy.esg_setting
),

item as (
    select * from policy.esg_item
),

graded as (
    select * from features_esg.graded
),

action as (
    select distinct
        action.project_id,
        asked.as_of
    from staging.esap_action as action
    inner join asked on action.due_on <= asked.as_of
),

action_table as (
    select count(*) as is_supplied
    from night.supplied
    where table_name = 'esap_action' and is_supplied
),

sector as (
    select * from policy.esg_item_sector
),

of_some as (
    select distinct item from sector
),

-- a plan of which nothing is due yet has nothing to deliver
due as (
    select
        project.project_id,
        asked.as_of,
        item.item
    from project
    inner join asked on coalesce(project.approved_on <= asked.as_of, true)
    inner join item on coalesce(project.stage = item.stage, true)
    cross join action_table
    left join of_some on item.item = of_some.item
    left join sector on item.item = sector.item and starts_with(project.sector_code, sector.sector_code)
    left join action on item.kind = 'plan' and project.project_id = action.project_id and asked.as_of = action.as_of
    where
        (of_some.item is null or sector.item is not null)
        and (item.kind <> 'plan' or action.project_id is not null or action_table.is_supplied = 0)
    union
    select
        graded.project_id,
        graded.as_of,
        graded.item
    from graded
    inner join project on graded.project_id = project.project_id
    where coalesce(project.approved_on <= graded.as_of, true)
),

part as (
    select
        due.project_id,
        due.as_of,
        item.part,
        count(*) as items
    from due
    inner join item on due.item = item.item
    group by due.project_id, due.as_of, item.part
),

counted as (
    select
        due.project_id,
        due.as_of,
        due.item,
        item.part,
        weight_of.pillar,
        item.kind,
        item.unit,
        cast(weight_of.weight / nullif(part.items, 0) as decimal(9, 4)) as weight,
        graded.period_end,
        graded.value,
        graded.evidence_id,
        graded.evidence_on,
        graded.grade,
        coalesce(
            31 * {{ month.number('due.as_of') }} + day(due.as_of)
            > 31 * ({{ month.number('graded.evidence_on') }} + setting.aged_months) + day(graded.evidence_on),
            false
        ) as is_aged,
        setting.aged_share
    from due
    cross join setting
    inner join item on due.item = item.item
    inner join policy.esg_part as weight_of on item.part = weight_of.part
    inner join part on due.project_id = part.project_id and due.as_of = part.as_of and item.part = part.part
    left join graded on due.project_id = graded.project_id and due.as_of = graded.as_of and due.item = graded.item
),

stated as (
    select
        project_id,
        as_of,
        item,
        part,
        pillar,
        kind,
        unit,
        weight,
        period_end,
        value,
        evidence_id,
        evidence_on,
        grade,
        case when grade is null then 'missing' when is_aged then 'aged' else 'evidenced' end as state,
        -- what of its weight there is evidence for
        cast(case when grade is null then 0 when is_aged then aged_share else 1 end as decimal(9, 6)) as evidence_share
    from counted
)

select * from stated
