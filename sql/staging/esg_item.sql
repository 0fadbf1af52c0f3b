-- one row per project, period that had ended by the business date, and known item: what was measured, in policy's unit
-- A value in another unit is none that could be compared, and one outside what its sector could measure is a slip of
-- the pen until somebody says otherwise: both count as not given. Of what the bank's own register counts as well, the
-- larger number counts.
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
        case when coalesce(esg_item.unit = item.unit, true) then greatest(esg_item.value, counted.open_count) end
            as value_in_unit,
        esg_item.target,
        esg_item.permit_limit,
        esg_item.evidence_id,
        esg_item.evidence_on
    from esg_item
    inner join item on lower(trim(esg_item.item)) = item.item
    left join staging_register.counted as counted
        on
            esg_item.value is not null
            and esg_item.project_id = counted.project_id
            and esg_item.period_end = counted.period_end
            and item.item = counted.item
),

judged as (
    select
        measured.project_id,
        measured.period_end,
        measured.item,
        measured.part,
        measured.kind,
        measured.direction,
        measured.is_logarithmic,
        case
            when measured.value_in_unit < line.lowest or measured.value_in_unit > line.highest then null
            else measured.value_in_unit
        end as value,
        measured.target,
        measured.permit_limit,
        measured.evidence_id,
        measured.evidence_on,
        coalesce(measured.value_in_unit < line.lowest or measured.value_in_unit > line.highest, false)
            as is_implausible
    from measured
    left join staging_plausible.line as line
        on measured.project_id = line.project_id and measured.item = line.measure
)

select * from judged
