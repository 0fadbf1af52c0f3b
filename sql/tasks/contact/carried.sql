-- one row per branch and person: how many relationships above the lowest tier that person looks after
with
setting as (
    select max(case when setting = 'clients_per_owner' then value end) as clients_per_owner
    from policy.task_setting
),

-- a relationship counts once
carried as (
    select
        owner.branch_id,
        coalesce(owner.owner_id, '') as owner_id,
        cast(count(*) as integer) as clients_carried
    from tasks.client_owner as owner
    inner join tiers.client_tier as client_tier on owner.client_id = client_tier.client_id
    inner join policy.tier as tier on client_tier.tier = tier.tier
    where client_tier.is_contact_owed and tier.level > 0
    group by owner.branch_id, coalesce(owner.owner_id, '')
),

judged as (
    select
        carried.branch_id,
        carried.owner_id,
        carried.clients_carried,
        carried.clients_carried > setting.clients_per_owner as is_beyond_capacity
    from carried
    cross join setting
)

select * from judged
