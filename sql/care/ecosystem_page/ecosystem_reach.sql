-- one row per client and client in trouble that reaches it over at most three ties: the nearest way, tie by tie
-- the linter would have what stands in a template's loop or condition less deep than its select
-- noqa: disable=LT02
{% macro onward(step) -%}
ranked_{{ step }} as (
    select
        reached.source_id,
        {% for before in range(1, step) -%}
        reached.kind_{{ before }},
        reached.node_{{ before }},
        {% endfor -%}
        way.kind as kind_{{ step }},
        way.to_id as node_{{ step }},
        row_number() over (
            partition by reached.source_id, way.to_id
            order by {% for before in range(1, step) %}reached.node_{{ before }} asc, {% endfor %}way.kind asc
        ) as place
    from step_{{ step - 1 }} as reached
    inner join way on reached.node_{{ step - 1 }} = way.from_id
    {% for before in range(1, step) -%}
    left join step_{{ before }} as nearer_{{ before }}
        on reached.source_id = nearer_{{ before }}.source_id and way.to_id = nearer_{{ before }}.node_{{ before }}
    {% endfor -%}
    where
        reached.source_id <> way.to_id
        {% for before in range(1, step) -%}
        and nearer_{{ before }}.source_id is null
        {% endfor %}
),

step_{{ step }} as (
    select
        source_id,
        {% for before in range(1, step + 1) -%}
        kind_{{ before }},
        node_{{ before }}{{ ',' if not loop.last }}
        {% endfor -%}
    from ranked_{{ step }}
    where place = 1
)
{%- endmacro %}
with
setting as (
    select
        max(case when setting = 'reach_steps' then value end) as most_steps,
        max(case when setting = 'reach_least_rank' then value end) as least_rank
    from policy.ecosystem_setting
),

-- in trouble by itself: what reaches it from others is theirs, and would be told twice
trouble as (
    select
        warning.client_id,
        warning.base_colour as colour,
        watch.stage
    from warnings.warning as warning
    cross join setting
    inner join policy.colour as colour on warning.base_colour = colour.colour
    left join warnings.watch as watch on warning.client_id = watch.client_id
    where colour.rank >= setting.least_rank or coalesce(watch.stage <> 'W0', false)
),

tie as (
    select
        link.from_id,
        link.to_id,
        link.kind,
        contagion_way.is_forward,
        contagion_way.is_backward
    from care.group_link as link
    inner join policy.contagion_way as contagion_way on link.kind = contagion_way.kind
    where link.from_id <> link.to_id
),

way as (
    select
        from_id,
        to_id,
        kind
    from tie
    where is_forward
    union
    select
        to_id as from_id,
        from_id as to_id,
        kind
    from tie
    where is_backward
),

step_0 as (
    select
        client_id as source_id,
        client_id as node_0
    from trouble
),

{{ onward(1) }},

{{ onward(2) }},

{{ onward(3) }},

reached as (
    select
        source_id,
        node_1 as client_id,
        1 as steps,
        kind_1,
        cast(null as varchar) as node_1,
        cast(null as varchar) as kind_2,
        cast(null as varchar) as node_2,
        cast(null as varchar) as kind_3
    from step_1
    union all
    select
        source_id,
        node_2 as client_id,
        2 as steps,
        kind_1,
        node_1,
        kind_2,
        cast(null as varchar) as node_2,
        cast(null as varchar) as kind_3
    from step_2
    union all
    select
        source_id,
        node_3 as client_id,
        3 as steps,
        kind_1,
        node_1,
        kind_2,
        node_2,
        kind_3
    from step_3
),

told as (
    select
        reached.client_id,
        reached.source_id,
        trouble.colour,
        trouble.stage,
        reached.steps,
        reached.kind_1,
        reached.node_1,
        reached.kind_2,
        reached.node_2,
        reached.kind_3
    from reached
    cross join setting
    inner join trouble on reached.source_id = trouble.client_id
    where reached.steps <= setting.most_steps
)

select * from told
