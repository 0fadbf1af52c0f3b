-- one row per client that controls itself, directly or by way of others, or may do so over more than 64 of them: which
-- circle, by the first of its clients
-- the linter would have what stands in a template's loop or condition less deep than its select
-- noqa: disable=LT02
{% set doublings = 6 %}
with
edge as (
    select * from care_ecosystem.control_edge
),

node as (
    select from_id as client_id from edge
    union
    select to_id as client_id from edge
),

-- who is reached over one control or none; each time over twice as many
reach_0 as (
    select
        from_id,
        to_id
    from edge
    union
    select
        client_id as from_id,
        client_id as to_id
    from node
),

{% for step in range(1, doublings + 1) %}
reach_{{ step }} as (
    select distinct
        one.from_id,
        next.to_id
    from reach_{{ step - 1 }} as one
    inner join reach_{{ step - 1 }} as next on one.to_id = next.from_id
),
{% endfor %}

-- there and back again
together as (
    select
        there.from_id as client_id,
        there.to_id as other_id
    from reach_{{ doublings }} as there
    inner join reach_{{ doublings }} as back on there.from_id = back.to_id and there.to_id = back.from_id
),

closed as (
    select
        client_id,
        min(other_id) as circle_id
    from together
    group by client_id
    having count(*) > 1
),

-- from whom the controls go on after that many
further as (
    select distinct reach.from_id as client_id
    from reach_{{ doublings }} as reach
    inner join edge on reach.to_id = edge.from_id
    left join reach_{{ doublings }} as known on reach.from_id = known.from_id and edge.to_id = known.to_id
    where known.from_id is null
),

own as (
    select distinct client_id
    from care_ecosystem.link
    where kind = 'controls' and client_id = other_client_id
),

subject as (
    select client_id from closed
    union
    select client_id from further
    union
    select client_id from own
),

circle as (
    select
        subject.client_id,
        -- of a way that goes on, only a part of the circle may have been seen
        case
            when further.client_id is null then coalesce(closed.circle_id, own.client_id)
            else own.client_id
        end as circle_id,
        further.client_id is not null as is_longer
    from subject
    left join closed on subject.client_id = closed.client_id
    left join further on subject.client_id = further.client_id
    left join own on subject.client_id = own.client_id
)

select * from circle
