-- one row per client that links say is of one group with others: the first of them that three such links reach
-- the linter would have what stands in a template's loop or condition less deep than its select
-- noqa: disable=LT02
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

{% for step in range(1, 4) %}
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

said as (
    select * from step_3
)

select * from said
