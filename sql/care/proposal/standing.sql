-- one row per client with an open need: what decides whether anything may be offered to it, and what it and its group
-- owe
with
client as (
    select distinct client_id
    from care_proposal.need
),

class_rank as (
    select
        asset_class,
        rank
    from policy.asset_class
),

-- the worse of booked class and regulatory floor; a floor that is not assessed leaves the class open, unless what is
-- booked is bad already
loan as (
    select
        class.client_id,
        case
            when floor_class.rank is not null then greatest(coalesce(booked.rank, floor_class.rank), floor_class.rank)
            when booked.rank > 0 then booked.rank
        end as rank
    from warnings.loan_class as class
    left join class_rank as booked on class.booked_class = booked.asset_class
    left join class_rank as floor_class on coalesce(class.floor_class, 'normal') = floor_class.asset_class
),

worst as (
    select
        client_id,
        max(rank) as class_rank,
        count(*) - count(rank) as unknown_classes
    from loan
    group by client_id
),

-- of nobody's exposure whose loans cannot be converted is anything known; who has none owes nothing
exposure as (
    select
        client_id,
        max_days_past_due,
        is_assessed,
        case when is_assessed then exposure_amt end as exposure_amt
    from features.client_exposure
),

-- the groups of care.group_total; of one that goes on only a part is seen
group_total as (
    select
        member.group_id,
        case
            when
                min(case when coalesce(exposure.is_assessed, true) then 1 else 0 end) = 1
                and max(case when member.is_longer then 1 else 0 end) = 0
                then coalesce(sum(exposure.exposure_amt), 0)
        end as exposure_amt
    from care_ecosystem.member as member
    left join exposure on member.client_id = exposure.client_id
    group by member.group_id
),

-- whether a watch list is kept at all: without a colour there is no stage to rely on
standing as (
    select
        client.client_id,
        case when exposure.client_id is null then 0 else exposure.exposure_amt end as exposure_amt,
        case
            when exposure.client_id is null then 0
            when exposure.is_assessed then exposure.max_days_past_due
        end as days_past_due,
        case
            when worst.class_rank > 0 then worst.class_rank
            when coalesce(worst.unknown_classes, 0) = 0 then coalesce(worst.class_rank, 0)
        end as class_rank,
        warning.colour,
        case
            when worst.class_rank > 0 then class_rank.asset_class
            when coalesce(worst.unknown_classes, 0) = 0 then 'normal'
        end as asset_class,
        case
            when warning.colour = 'no_credit' then 1
            when warning.colour <> 'not_assessed' then colour.rank
        end as colour_rank,
        case
            when stage.level is not null then stage.level
            when warning.colour <> 'not_assessed' then 0
        end as stage_level,
        case
            when member.group_id is not null then group_total.exposure_amt
            when exposure.client_id is null then 0
            else exposure.exposure_amt
        end as group_exposure_amt
    from client
    left join exposure on client.client_id = exposure.client_id
    left join worst on client.client_id = worst.client_id
    left join class_rank on worst.class_rank = class_rank.rank
    left join warnings.warning as warning on client.client_id = warning.client_id
    left join policy.colour as colour on warning.colour = colour.colour
    left join warnings.watch as watch on client.client_id = watch.client_id
    left join policy.watch_stage as stage on watch.stage = stage.stage
    left join care_ecosystem.member as member on client.client_id = member.client_id
    left join group_total on member.group_id = group_total.group_id
)

select * from standing
