-- one row per client that guarantees and is guaranteed in a circle with others: which circle, by the first of all
-- clients that are reached in it
-- Each client's own members are those within four steps, so that two of one circle need not have the same.
-- the linter would have what stands in a template's loop or condition less deep than its select
-- noqa: disable=LT02
{% set doublings = 6 %}
with
-- one that stands surety for itself alone is on none
closed as (
    select
        client_id,
        member_count - 1 as other_count,
        members
    from features.guarantee_circle
    where step_count is not null and member_count > 1
),

reach_0 as (
    select
        client_id,
        unnest(string_split(members, ', ')) as other_id
    from closed
),

{% for step in range(1, doublings + 1) %}
reach_{{ step }} as (
    select distinct
        one.client_id,
        next.other_id
    from reach_{{ step - 1 }} as one
    inner join reach_{{ step - 1 }} as next on one.other_id = next.client_id
),
{% endfor %}

first_of as (
    select
        client_id,
        min(other_id) as circle_id
    from reach_{{ doublings }}
    group by client_id
),

circle as (
    select
        closed.client_id,
        first_of.circle_id,
        closed.other_count
    from closed
    inner join first_of on closed.client_id = first_of.client_id
)

select * from circle
