-- one row per project, period that had ended by the business date, and known item: what was measured, in policy's unit
-- A value in another unit is none that could be compared, and counts as not given.
with
esg_item as (
    select * from source.esg_item
    where period_end <= $business_date
),

item as (
    select * from policy.esg_item
),

measured as (
    select
        esg_item.project_id,
        esg_item.period_end,
        item.item,
        item.part,
        item.kind,
        item.direction,
        item.is_logarithmic,
        case when coalesce(esg_item.unit = item.unit, true) then esg_item.value end as value,
        esg_item.target,
        esg_item.permit_limit,
        esg_item.evidence_id,
        esg_item.evidence_on
    from esg_item
    inner join item on lower(trim(esg_item.item)) = item.item
)

select * from measured
