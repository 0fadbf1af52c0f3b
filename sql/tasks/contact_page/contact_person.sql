-- one row per branch and person with clients or contacts: how many clients, whether these are too many, and what was
-- done of the fixed contacts and of the special ones
with
setting as (
    select max(case when setting = 'clients_per_owner' then value end) as clients_per_owner
    from policy.task_setting
),

counted as (
    select
        branch_id,
        owner_id,
        sum(case when kind <> 'special' then asked_count else 0 end) as fixed_asked_count,
        sum(case when kind <> 'special' then done_count else 0 end) as fixed_done_count,
        sum(case when kind <> 'special' then done_late_count else 0 end) as fixed_done_late_count,
        sum(case when kind <> 'special' then overdue_count else 0 end) as fixed_overdue_count,
        sum(case when kind <> 'special' then missed_count else 0 end) as fixed_missed_count,
        sum(case when event = 'all' then asked_count else 0 end) as special_asked_count,
        sum(case when event = 'all' then done_count else 0 end) as special_done_count,
        sum(case when event = 'all' then done_late_count else 0 end) as special_done_late_count,
        sum(case when event = 'all' then overdue_count else 0 end) as special_overdue_count,
        sum(case when event = 'all' then missed_count else 0 end) as special_missed_count
    from tasks.contact_coverage
    group by branch_id, owner_id
),

-- relationships above the lowest tier, each once
owned as (
    select
        owner.branch_id,
        coalesce(owner.owner_id, '') as owner_id,
        sum(case when client_tier.is_contact_owed and tier.level > 0 then 1 else 0 end) as clients_carried
    from tasks.client_owner as owner
    left join tiers.client_tier as client_tier on owner.client_id = client_tier.client_id
    left join policy.tier as tier on client_tier.tier = tier.tier
    group by owner.branch_id, coalesce(owner.owner_id, '')
),

person as (
    select
        branch_id,
        owner_id
    from counted
    union
    select
        branch_id,
        owner_id
    from owned
    where clients_carried > 0
),

told as (
    select
        person.branch_id,
        nullif(person.owner_id, '') as staff_id,
        cast(coalesce(owned.clients_carried, 0) as integer) as clients_carried,
        coalesce(owned.clients_carried, 0) > setting.clients_per_owner as is_over_capacity,
        cast(coalesce(counted.fixed_asked_count, 0) as integer) as fixed_asked_count,
        cast(coalesce(counted.fixed_done_count, 0) as integer) as fixed_done_count,
        cast(coalesce(counted.fixed_overdue_count, 0) as integer) as fixed_overdue_count,
        cast(coalesce(counted.fixed_missed_count, 0) as integer) as fixed_missed_count,
        cast(
            100.0 * counted.fixed_done_count
            / nullif(
                counted.fixed_done_count
                + counted.fixed_done_late_count
                + counted.fixed_overdue_count
                + counted.fixed_missed_count,
                0
            )
            as decimal(18, 4)
        ) as fixed_coverage_pct,
        cast(coalesce(counted.special_asked_count, 0) as integer) as special_asked_count,
        cast(coalesce(counted.special_done_count, 0) as integer) as special_done_count,
        cast(coalesce(counted.special_overdue_count, 0) as integer) as special_overdue_count,
        cast(coalesce(counted.special_missed_count, 0) as integer) as special_missed_count,
        cast(
            100.0 * counted.special_done_count
            / nullif(
                counted.special_done_count
                + counted.special_done_late_count
                + counted.special_overdue_count
                + counted.special_missed_count,
                0
            )
            as decimal(18, 4)
        ) as special_coverage_pct
    from person
    cross join setting
    left join counted on person.branch_id = counted.branch_id and person.owner_id = counted.owner_id
    left join owned on person.branch_id = owned.branch_id and person.owner_id = owned.owner_id
)

select * from told
