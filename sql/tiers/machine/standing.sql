-- one row per relationship that the night before knew: where the tier machine left the highest of its members
with
-- a client that joins brings its tier with it, and one that leaves goes on from the tier of those that it leaves; what
-- a project company was tiered at by itself is nobody's
placed as (
    select
        member.group_key,
        standing.machine_tier,
        standing.machine_months_below,
        standing.machine_attention,
        row_number() over (
            partition by member.group_key
            order by tier.level desc nulls last, standing.machine_months_below asc nulls last, member.client_id asc
        ) as place
    from tiers_group.member as member
    inner join previous.client_tier as standing on member.client_id = standing.client_id
    left join policy.tier as tier on standing.machine_tier = tier.tier
    where member.has_standing
),

highest as (
    select
        group_key,
        machine_tier,
        machine_months_below,
        machine_attention
    from placed
    where place = 1
)

select * from highest
