-- one row per client that stands surety for one that stands surety for it, within four steps: who else does, and for
-- how much; or of which a chain of sureties goes on beyond four steps, so that a longer circle is not seen
-- A row of `guarantee` counts while its loan is not closed, a link of `client_link` while it is in force. Only the
-- nearest way between two clients is kept: a group where everybody guarantees everybody stays as small as its members.
-- the linter would have what stands in a template's loop or condition less deep than its select
-- noqa: disable=LT02
{% set most_steps = 4 %}
with
lent as (
    select
        loan_id,
        client_id,
        rate
    from staging.loan
    where status <> 'closed'
),

given as (
    select
        guarantee.guarantor_client_id as guarantor_id,
        lent.client_id as debtor_id,
        cast(guarantee.amount * lent.rate as decimal(18, 2)) as amount,
        1 as guarantee_count
    from source.guarantee as guarantee
    inner join lent on guarantee.loan_id = lent.loan_id
    where coalesce(guarantee.amount > 0, true)
    union all
    select
        client_id as guarantor_id,
        other_client_id as debtor_id,
        cast(null as decimal(18, 2)) as amount,
        0 as guarantee_count
    from source.client_link
    where
        kind = 'guarantees'
        and coalesce(valid_from <= $business_date, true)
        and coalesce(valid_to > $business_date, true)
),

-- a link says that there is a surety, never of how much: it is unknown unless guarantees of the same two tell all of it
edge as (
    select
        guarantor_id,
        debtor_id,
        case when count(amount) = sum(guarantee_count) then sum(amount) end as amount
    from given
    group by guarantor_id, debtor_id
),

step_1 as (
    select
        guarantor_id as client_id,
        debtor_id as node_id,
        1 as step_count
    from edge
),

{% for step in range(2, most_steps + 1) %}
step_{{ step }} as (
    select distinct
        step.client_id,
        edge.debtor_id as node_id,
        {{ step }} as step_count
    from step_{{ step - 1 }} as step
    inner join edge on step.node_id = edge.guarantor_id
    {% for earlier in range(1, step) %}
    left join step_{{ earlier }} as nearer_{{ earlier }}
        on step.client_id = nearer_{{ earlier }}.client_id and edge.debtor_id = nearer_{{ earlier }}.node_id
    {% endfor %}
    where
        {% for earlier in range(1, step) %}
        {{ 'and ' if not loop.first }}nearer_{{ earlier }}.client_id is null
        {% endfor %}
),
{% endfor %}

reach as (
    {% for step in range(1, most_steps + 1) %}
    {{ 'union all' if not loop.first }}
    select * from step_{{ step }}
    {% endfor %}
),

closed as (
    select
        client_id,
        step_count
    from reach
    where client_id = node_id
),

-- there and back again within the steps
member as (
    select
        there.client_id,
        there.node_id
    from reach as there
    inner join reach as back on there.node_id = back.client_id and there.client_id = back.node_id
    where there.client_id <> there.node_id and there.step_count + back.step_count <= {{ most_steps }}
),

within as (
    select
        client_id,
        node_id
    from member
    union
    select
        client_id,
        client_id as node_id
    from closed
),

guaranteed as (
    select
        within.client_id,
        case when count(edge.amount) = count(*) then sum(edge.amount) end as guaranteed_amt
    from within
    inner join within as other on within.client_id = other.client_id
    inner join edge on within.node_id = edge.guarantor_id and other.node_id = edge.debtor_id
    group by within.client_id
),

members as (
    select
        client_id,
        count(*) as member_count,
        string_agg(node_id, ', ' order by node_id) as members
    from within
    group by client_id
),

further as (
    select distinct step.client_id
    from step_{{ most_steps }} as step
    inner join edge on step.node_id = edge.guarantor_id
    left join reach on step.client_id = reach.client_id and edge.debtor_id = reach.node_id
    where reach.client_id is null
),

subject as (
    select client_id from closed
    union
    select client_id from further
),

circle as (
    select
        subject.client_id,
        closed.step_count,
        coalesce(members.member_count, 0) as member_count,
        members.members,
        guaranteed.guaranteed_amt,
        further.client_id is not null as is_longer
    from subject
    left join closed on subject.client_id = closed.client_id
    left join members on subject.client_id = members.client_id
    left join guaranteed on subject.client_id = guaranteed.client_id
    left join further on subject.client_id = further.client_id
)

select * from circle
