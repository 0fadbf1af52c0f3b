-- one row per client that links say is of one group with others: the first of them that five such links reach,
-- and whether links go on after that
-- the linter would have what stands in a template's loop or condition less deep than its select
-- noqa: disable=LT02
{% set steps = 5 %}
with
link as (
    select
        client_id,
        other_client_id
    from care_ecosystem.link
    where kind = 'same_group' and client_id <> other_client_id
),

either_way as (
    select
        client_id,
        other_client_id
    from link
    union
    select
        other_client_id as client_id,
        client_id as other_client_id
    from link
),

step_0 as (
    select distinct
        client_id,
        client_id as first_id
    from either_way
),

{% for step in range(1, steps + 1) %}
step_{{ step }} as (
    select
        either_way.client_id,
        min(least(own.first_id, other.first_id)) as first_id
    from either_way
    inner join step_{{ step - 1 }} as own on either_way.client_id = own.client_id
    inner join step_{{ step - 1 }} as other on either_way.other_client_id = other.client_id
    group by either_way.client_id
),
{% endfor %}

neighbour as (
    select
        either_way.client_id,
        min(other.first_id) as lowest_id,
        max(other.first_id) as highest_id
    from either_way
    inner join step_{{ steps }} as other on either_way.other_client_id = other.client_id
    group by either_way.client_id
),

-- where a link still leads to another name, only part of the group has been seen
further as (
    select own.first_id
    from step_{{ steps }} as own
    inner join neighbour on own.client_id = neighbour.client_id
    where own.first_id <> neighbour.lowest_id or own.first_id <> neighbour.highest_id
    group by own.first_id
),

said as (
    select
        reached.client_id,
        reached.first_id,
        further.first_id is not null as is_longer
    from step_{{ steps }} as reached
    left join further on reached.first_id = further.first_id
)

select * from said
