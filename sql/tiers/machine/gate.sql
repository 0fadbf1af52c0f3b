-- one row per relationship with a warning: whether a colour or a loan's class of a member stops an upgrade
with
gate as (
    select
        member.group_key,
        max(case when colour.stops_upgrade or class.is_bad then 1 else 0 end) = 1 as is_gated
    from warnings.warning as warning
    inner join tiers_group.member as member on warning.client_id = member.client_id
    left join policy.colour as colour on warning.colour = colour.colour
    left join policy.asset_class as class on warning.floor_class = class.asset_class
    group by member.group_key
)

select * from gate
