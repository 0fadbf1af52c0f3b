-- one row per active client: the relationship it is tiered with, who carries the tier, and what is not known of it
with
-- the register of groups comes first, then who controls whom; a client in neither is a relationship of its own
keyed as (
    select
        client_id,
        is_project_company,
        is_joint,
        is_circular,
        is_contradicted,
        controller_id,
        case
            when is_contradicted then 'client|' || client_id
            when group_id is not null then 'group|' || group_id
            when is_circular then 'client|' || client_id
            when top_group_id is not null then 'group|' || top_group_id
            else 'client|' || top_id
        end as group_key,
        case
            when is_contradicted then null
            when group_id is not null then group_id
            when not is_circular then top_group_id
        end as group_id
    from tiers_group.chain
),

-- who could lead: no project company, and controlled by nobody in the same relationship
judged as (
    select
        keyed.*,
        not keyed.is_project_company
        and not keyed.is_circular
        and not coalesce(above.group_key = keyed.group_key, false) as can_lead
    from keyed
    left join keyed as above on keyed.controller_id = above.client_id
),

relationship as (
    select
        group_key,
        cast(count(*) as integer) as members,
        sum(case when can_lead then 1 else 0 end) as leads,
        min(case when can_lead then client_id end) as lead_id,
        sum(case when is_project_company then 0 else 1 end) as firms,
        max(case when is_circular and not is_project_company then 1 else 0 end) = 1 as has_circle,
        max(case when is_contradicted then 1 else 0 end) = 1 as is_contradicted
    from judged
    group by group_key
),

settled as (
    select
        judged.client_id,
        judged.group_key,
        -- a relationship of several that no register names goes by who stands at its top
        coalesce(
            judged.group_id, case when relationship.members > 1 then relationship.lead_id end
        ) as sponsor_group_id,
        relationship.members,
        judged.is_project_company,
        case
            when relationship.is_contradicted or relationship.firms = 0 then 'not_assessed'
            when relationship.members = 1 and judged.is_circular then 'not_assessed'
            when relationship.members = 1 then 'own'
            when relationship.leads <> 1 then 'group'
            when relationship.lead_id = judged.client_id then 'carrier'
            else 'member'
        end as tier_basis,
        case
            when relationship.is_contradicted then 'contradicted'
            when judged.is_circular and relationship.members = 1 then 'circular'
            when judged.is_circular and relationship.firms = 0 then 'circular'
            when relationship.firms = 0 and judged.is_joint then 'joint'
            when relationship.firms = 0 then 'sponsor_unknown'
            when relationship.members = 1 and judged.is_joint then 'joint'
            when relationship.leads <> 1 and relationship.has_circle then 'circular'
            when relationship.leads <> 1 then 'lead_unknown'
        end as control_issue,
        relationship.leads,
        relationship.lead_id
    from judged
    inner join relationship on judged.group_key = relationship.group_key
),

carried as (
    select
        client_id,
        group_key,
        sponsor_group_id,
        members,
        is_project_company,
        tier_basis,
        control_issue,
        case when tier_basis in ('own', 'carrier', 'member') then lead_id end as carrier_client_id,
        -- whose standing tier is the relationship's: a project company has its tier from others
        tier_basis = 'not_assessed' or not is_project_company as has_standing,
        -- who is spoken to for the relationship: its carrier, or each of its companies where nobody knows who leads
        tier_basis in ('own', 'carrier', 'not_assessed') or (tier_basis = 'group' and not is_project_company)
            as is_contact_owed
    from settled
)

select * from carried
