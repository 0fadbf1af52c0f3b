-- one row per project and measured item that it is asked for or reports: the newest figure with evidence, beside its
-- first one, the one before, its target and its permit's limit. What has no evidence is never within its limit
with
project as (
    select * from features.project_state
),

setting as (
    select max(case when setting = 'near_limit_pct' then value end) as near_limit_pct
    from policy.esg_setting
),

asked as (
    select * from features.esg_item_state
    where kind = 'kpi'
),

reading as (
    select
        project_id,
        item,
        period_end,
        value,
        target,
        permit_limit,
        evidence_id,
        evidence_on,
        direction,
        is_logarithmic,
        is_implausible,
        row_number() over (partition by project_id, item order by period_end desc) as newest_place,
        row_number() over (partition by project_id, item order by period_end asc) as first_place
    from staging.esg_item
    where kind = 'kpi'
),

newest as (
    select * from reading
    where newest_place = 1
),

first_one as (
    select
        project_id,
        item,
        period_end,
        value
    from reading
    where first_place = 1
),

before as (
    select
        project_id,
        item,
        value
    from reading
    where newest_place = 2
),

-- what a unit that does not fit makes of a figure is no figure
off_unit as (
    select
        known.project_id,
        item.item,
        known.period_end
    from source.esg_item as known
    inner join policy.esg_item as item on lower(trim(known.item)) = item.item
    where known.unit <> item.unit and known.value is not null and known.period_end <= $business_date
),

named as (
    select
        project_id,
        item
    from asked
    union
    select
        project_id,
        item
    from newest
),

joined as (
    select
        named.project_id,
        named.item,
        item.part,
        item.unit,
        newest.period_end,
        newest.value,
        newest.target,
        newest.permit_limit,
        newest.evidence_id,
        newest.evidence_on,
        first_one.period_end as baseline_on,
        first_one.value as baseline,
        before.value as value_before,
        off_unit.project_id is not null as is_off_unit,
        newest.is_implausible,
        item.direction = 'low' as is_low_good,
        item.is_logarithmic
    from named
    inner join policy.esg_item as item on named.item = item.item
    left join newest on named.project_id = newest.project_id and named.item = newest.item
    left join first_one on named.project_id = first_one.project_id and named.item = first_one.item
    left join before on named.project_id = before.project_id and named.item = before.item
    left join off_unit
        on
            named.project_id = off_unit.project_id
            and named.item = off_unit.item
            and newest.period_end = off_unit.period_end
),

stated as (
    select
        $business_date as business_date,
        joined.project_id,
        project.client_id,
        project.branch_id,
        joined.item,
        joined.part,
        joined.unit,
        joined.baseline_on,
        joined.baseline,
        joined.value_before,
        joined.period_end,
        joined.value,
        joined.target,
        joined.permit_limit,
        -- a limit that lost its decimal point makes any share: the column's most stands for it
        case
            when not joined.is_logarithmic and joined.value is not null and joined.permit_limit <> 0
                then
                    cast(
                        least(
                            cast(joined.value * 100 / nullif(joined.permit_limit, 0) as decimal(38, 4)), 99999999999999
                        ) as decimal(18, 4)
                    )
        end as limit_pct,
        joined.evidence_id,
        joined.evidence_on,
        case
            when joined.is_off_unit then 'unit_differs'
            when joined.is_implausible then 'implausible'
            when joined.period_end is null or joined.value is null then 'missing'
            when joined.is_low_good and joined.value > joined.permit_limit then 'over_limit'
            when not joined.is_low_good and joined.value < joined.permit_limit then 'over_limit'
            when joined.evidence_id is null then 'no_evidence'
            when
                joined.is_low_good
                and not joined.is_logarithmic
                and joined.value * 100 > joined.permit_limit * setting.near_limit_pct
                then 'near_limit'
            when joined.permit_limit is not null then 'within_limit'
            when joined.target is null then 'no_line'
            when joined.is_low_good and joined.value > joined.target then 'behind_target'
            when not joined.is_low_good and joined.value < joined.target then 'behind_target'
            else 'on_target'
        end as state
    from joined
    cross join setting
    inner join project on joined.project_id = project.project_id
)

select * from stated
