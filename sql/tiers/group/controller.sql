-- one row per active client: the one client that controls it, if any, or that several do and none of them alone
with
client as (
    select
        client_id,
        group_id,
        coalesce(is_spv, false) as is_project_company
    from staging.client
    where is_active
),

-- of several the largest share counts, where every share is known and the largest is one client's alone
placed as (
    select
        client_id,
        controller_id,
        count(*) over (partition by client_id) as controllers,
        count(share_pct) over (partition by client_id) as shares,
        rank() over (partition by client_id order by share_pct desc nulls last) as place
    from staging.control_link
),

first_placed as (
    select
        client_id,
        min(controller_id) as controller_id,
        min(controllers) as controllers,
        min(shares) as shares,
        count(*) as first_count
    from placed
    where place = 1
    group by client_id
),

judged as (
    select
        client.client_id,
        client.group_id,
        client.is_project_company,
        case
            when first_placed.controllers = 1 then first_placed.controller_id
            when first_placed.first_count = 1 and first_placed.shares = first_placed.controllers
                then first_placed.controller_id
        end as controller_id,
        coalesce(
            first_placed.controllers > 1
            and (first_placed.first_count > 1 or first_placed.shares < first_placed.controllers),
            false
        ) as is_joint
    from client
    left join first_placed on client.client_id = first_placed.client_id
)

select * from judged
