-- one row per relationship whose potential may not be judged: the first reason of one of its members
with
setting as (
    select max(case when setting = 'potential_veto_rank' then value end) as veto_rank
    from policy.tier_setting
),

member as (
    select * from tiers_group.member
),

-- what may be wrong or is not known is no reason to call a client promising
found as (
    select
        member.group_key,
        case
            when warning.colour = 'red' then 1
            when coalesce(class.rank >= setting.veto_rank, false) then 2
            when warning.colour = 'not_assessed' then 4
        end as reason_no
    from warnings.warning as warning
    inner join member on warning.client_id = member.client_id
    cross join setting
    left join policy.asset_class as class on warning.floor_class = class.asset_class
    union all
    select
        member.group_key,
        2 as reason_no
    from features.loan_state as loan
    inner join member on loan.client_id = member.client_id
    inner join policy.asset_class as class on loan.asset_class = class.asset_class
    cross join setting
    where loan.status <> 'closed' and class.rank >= setting.veto_rank
    union all
    select
        member.group_key,
        3 as reason_no
    from night.withheld as withheld
    inner join member on withheld.client_id = member.client_id
),

first_found as (
    select
        group_key,
        min(reason_no) as reason_no
    from found
    where reason_no is not null
    group by group_key
),

named as (
    select
        group_key,
        case reason_no
            when 1 then 'red'
            when 2 then 'class'
            when 3 then 'withheld'
            else 'colour_unknown'
        end as veto
    from first_found
)

select * from named
