-- one row per project and item that counts for its score: tonight's reading, its evidence and its grade
with
project as (
    select * from features.project_state
),

item as (
    select * from features_esg.item
    where as_of = $business_date
),

esg_item_state as (
    select
        $business_date as business_date,
        item.project_id,
        project.client_id,
        project.branch_id,
        item.item,
        item.part,
        item.pillar,
        item.kind,
        item.unit,
        item.weight,
        item.state,
        item.period_end,
        item.value,
        item.grade,
        item.evidence_id,
        item.evidence_on
    from item
    inner join project on item.project_id = project.project_id
)

select * from esg_item_state
