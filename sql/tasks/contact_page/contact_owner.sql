-- one row per client with whose manager something is wrong, and of clients above the lowest tier also per one that was
-- handed over lately, or whose manager is away: hand-overs and absences are told of the clients that a hand-over pack
-- names (handover_client), and of no other
with
setting as (
    select cast(max(case when setting = 'handover_days' then value end) as integer) as handover_days
    from policy.task_setting
),

owner as (
    select
        owner.branch_id,
        owner.client_id,
        owner.owner_id as staff_id,
        owner.deputy_id,
        owner.away_until,
        owner.issue,
        case
            when
                owner.handed_from_id is not null
                and date_diff('day', owner.handed_on, $business_date) <= setting.handover_days
                then owner.handed_on
        end as handed_on,
        owner.handed_from_id,
        owner.is_away,
        coalesce(tier.level > 0, false) as is_tiered
    from tasks.client_owner as owner
    cross join setting
    left join tiers.client_tier as client_tier on owner.client_id = client_tier.client_id
    left join policy.tier as tier on client_tier.tier = tier.tier
),

told as (
    select
        branch_id,
        client_id,
        staff_id,
        case when is_tiered then deputy_id end as deputy_id,
        case when is_tiered then away_until end as away_until,
        issue,
        case when is_tiered then handed_on end as handed_on,
        case when is_tiered and handed_on is not null then handed_from_id end as handed_from_id
    from owner
    where issue is not null or (is_tiered and (is_away or handed_on is not null))
)

select * from told
