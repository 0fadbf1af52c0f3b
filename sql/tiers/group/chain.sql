-- one row per active client: who stands at the top of those that control it, and the group registered for them
with
controller as (
    select * from tiers_group.controller
),

step_0 as (
    select
        client_id,
        group_id,
        is_project_company,
        is_joint,
        controller_id,
        coalesce(controller_id, client_id) as top_id
    from controller
),

-- a chain is followed eight clients up; what has no end by then goes in a circle, or cannot be told from one
{% for step in range(1, 9) %}
step_{{ step }} as (
    select
        below.client_id,
        below.group_id,
        below.is_project_company,
        below.is_joint,
        below.controller_id,
        coalesce(above.controller_id, below.top_id) as top_id
    from step_{{ step - 1 }} as below
    inner join controller as above on below.top_id = above.client_id
),

{% endfor %}
ended as (
    select
        step_8.*,
        above.controller_id is not null as is_circular
    from step_8
    inner join controller as above on step_8.top_id = above.client_id
),

-- a company that the register leaves out belongs to the group of those that it controls, if that is one
below_top as (
    select
        top_id,
        min(case when client_id = top_id then group_id end) as own_group_id,
        min(group_id) as first_group_id,
        max(group_id) as last_group_id
    from ended
    where not is_circular
    group by top_id
),

settled as (
    select
        ended.client_id,
        ended.group_id,
        ended.is_project_company,
        ended.is_joint,
        ended.controller_id,
        ended.top_id,
        ended.is_circular,
        coalesce(
            below_top.own_group_id,
            case when below_top.first_group_id = below_top.last_group_id then below_top.first_group_id end
        ) as top_group_id,
        -- links and register say different groups
        coalesce(ended.group_id <> below_top.own_group_id, false)
        or (
            ended.group_id is null
            and below_top.own_group_id is null
            and coalesce(below_top.first_group_id <> below_top.last_group_id, false)
        ) as is_contradicted
    from ended
    left join below_top on ended.top_id = below_top.top_id
)

select * from settled
