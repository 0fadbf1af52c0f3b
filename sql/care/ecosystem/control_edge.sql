-- one row per control of another client that may lie on a circle: its controller is controlled, and its client controls
-- the linter would have what stands in a template's loop or condition less deep than its select
-- noqa: disable=LT02
with
edge_0 as (
    select distinct
        client_id as from_id,
        other_client_id as to_id
    from care_ecosystem.link
    where kind = 'controls' and client_id <> other_client_id
),

-- of a tree without circles its top and its ends go each time, so that hardly any book has rows left
{% for step in range(1, 3) %}
edge_{{ step }} as (
    select edge.*
    from edge_{{ step - 1 }} as edge
    inner join (select distinct to_id from edge_{{ step - 1 }}) as controlled on edge.from_id = controlled.to_id
    inner join (select distinct from_id from edge_{{ step - 1 }}) as controls on edge.to_id = controls.from_id
),
{% endfor %}

edge as (
    select * from edge_2
)

select * from edge
