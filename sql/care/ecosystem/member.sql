-- one row per client of a group or on a circle of control: of which one group it counts, and what is contradicted
with
client as (
    select
        client.client_id,
        client.branch_id,
        client.group_id,
        client.is_active,
        tier.sponsor_group_id,
        tier.carrier_client_id,
        tier.control_issue,
        said.first_id as said_id,
        coalesce(own.circle_id, above.circle_id) as circle_id,
        own.client_id is not null as is_on_circle,
        coalesce(own.is_longer, false) or coalesce(said.is_longer, false) as is_longer
    from staging.client as client
    left join tiers.client_tier as tier on client.client_id = tier.client_id
    left join care_ecosystem.said_group as said on client.client_id = said.client_id
    left join care_ecosystem.control_circle as own on client.client_id = own.client_id
    -- who is controlled from a circle belongs to it
    left join tiers_group.chain as chain on client.client_id = chain.client_id and chain.is_circular
    left join care_ecosystem.control_circle as above on chain.top_id = above.client_id
),

-- those that links tie together go by the register's group of any of them
of_said as (
    select
        said_id,
        min(group_id) as group_id,
        max(group_id) as last_group_id
    from client
    where said_id is not null
    group by said_id
),

of_circle as (
    select
        circle_id,
        min(group_id) as group_id
    from client
    where circle_id is not null
    group by circle_id
),

-- the register comes first, then control, then what links say, then the circle: one group each, whatever says otherwise
placed as (
    select
        client.client_id,
        client.branch_id,
        client.is_active,
        client.carrier_client_id,
        client.circle_id,
        client.is_on_circle,
        client.is_longer,
        coalesce(
            client.group_id,
            of_circle.group_id,
            case when client.circle_id is not null then 'circle:' || client.circle_id end,
            client.sponsor_group_id,
            of_said.group_id,
            case when client.said_id is not null then 'link:' || client.said_id end,
            case when client.is_longer then 'longer:' || client.client_id end
        ) as group_id,
        case
            when client.group_id is not null then 'register'
            when client.circle_id is not null then 'circle'
            when client.sponsor_group_id is not null then 'control'
            when client.said_id is not null then 'link'
            else 'circle'
        end as told_by,
        -- register, control and links name more than one group for it
        coalesce(client.control_issue = 'contradicted', false)
        or coalesce(of_said.last_group_id <> coalesce(client.group_id, of_said.group_id), false)
        or coalesce(of_said.group_id <> client.group_id, false) as is_in_several
    from client
    left join of_said on client.said_id = of_said.said_id
    left join of_circle on client.circle_id = of_circle.circle_id
),

member as (
    select * from placed
    where group_id is not null
)

select * from member
