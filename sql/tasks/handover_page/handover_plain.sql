-- one row per person who took over clients of the lowest tier lately, or looks after them while another is away: how
-- many of each; the pack of the person names those above it (handover_client)
with
setting as (
    select cast(max(case when setting = 'handover_days' then value end) as integer) as handover_days
    from policy.task_setting
),

owner as (
    select owner.*
    from tasks.client_owner as owner
    left join tiers.client_tier as client_tier on owner.client_id = client_tier.client_id
    left join policy.tier as tier on client_tier.tier = tier.tier
    where coalesce(tier.level, 0) = 0
),

taken as (
    select
        owner.owner_id as person_id,
        1 as is_handed
    from owner
    cross join setting
    where
        owner.owner_id is not null
        and owner.handed_from_id is not null
        and date_diff('day', owner.handed_on, $business_date) <= setting.handover_days
    union all
    select
        deputy_id as person_id,
        0 as is_handed
    from owner
    where is_away and deputy_id is not null
),

counted as (
    select
        person_id,
        cast(sum(is_handed) as integer) as handed_plain_count,
        cast(sum(1 - is_handed) as integer) as standing_plain_count
    from taken
    group by person_id
)

select * from counted
