-- one row per client that paid anybody in the last 90 days: how much of it came round in circles of two to four
-- payments, the largest of them, and which share of what it paid can be followed within this bank
{% import 'macros/graph.sql' as graph %}
with
rule as (
    select cast(max(window_days) as integer) as window_days
    from policy.indicator
    where indicator = 'T14'
),

-- a circle counts while its last payment lies in the window
circle as (
    select
        circle.*,
        coalesce(circle.day_4, circle.day_3, circle.day_2) as closed_on
    from features_graph.circle as circle
    cross join rule
    where date_diff('day', coalesce(circle.day_4, circle.day_3, circle.day_2), $business_date) < rule.window_days
),

told as (
    select
        *,
        {{ graph.label('node_1', '100') }}
        || {{ graph.step('node_2', 'certainty_1', 'day_1', 'amount_1') }}
        || case
            when payment_count = 2 then {{ graph.step('node_1', 'certainty_2', 'day_2', 'amount_2') }}
            else {{ graph.step('node_3', 'certainty_2', 'day_2', 'amount_2') }}
        end
        || case
            when payment_count = 3 then {{ graph.step('node_1', 'certainty_3', 'day_3', 'amount_3') }}
            when payment_count = 4 then {{ graph.step('node_4', 'certainty_3', 'day_3', 'amount_3') }}
            else ''
        end
        || case
            when payment_count = 4 then {{ graph.step('node_1', 'certainty_4', 'day_4', 'amount_4') }}
            else ''
        end as path
    from circle
),

-- who is on a circle, with the payment by which money left it and the one by which it came
on_circle as (
    {% for place in range(1, 5) %}
    {{ 'union all' if not loop.first }}
    select
        node_{{ place }} as node_id,
        {% if place == 4 %}
        node_1 as paid_to,
        {% else %}
        coalesce(node_{{ place + 1 }}, node_1) as paid_to,
        {% endif %}
        day_{{ place }} as paid_on,
        amount_{{ place }} as paid_amt,
        {% if place == 1 %}
        coalesce(node_4, node_3, node_2) as got_from,
        coalesce(day_4, day_3, day_2) as got_on,
        coalesce(amount_4, amount_3, amount_2) as got_amt,
        {% else %}
        node_{{ place - 1 }} as got_from,
        day_{{ place - 1 }} as got_on,
        amount_{{ place - 1 }} as got_amt,
        {% endif %}
        closed_on,
        amount_1,
        path
    from told
    where node_{{ place }} is not null
    {% endfor %}
),

-- each payment once, however many circles it is part of
paid as (
    select
        node_id,
        sum(amount) as amount
    from (
        select distinct
            node_id,
            paid_to,
            paid_on,
            paid_amt as amount
        from on_circle
    ) as single
    group by node_id
),

got as (
    select
        node_id,
        sum(amount) as amount
    from (
        select distinct
            node_id,
            got_from,
            got_on,
            got_amt as amount
        from on_circle
    ) as single
    group by node_id
),

ranked as (
    select
        node_id,
        path,
        closed_on,
        row_number() over (partition by node_id order by amount_1 desc, closed_on desc, path asc) as place
    from on_circle
),

largest as (
    select
        node_id,
        max(case when place = 1 then path end) as path,
        max(closed_on) as last_on,
        count(distinct path) as circle_count
    from ranked
    group by node_id
),

edge as (
    select
        edge.payer,
        edge.payee,
        edge.amount,
        edge.nature = 'plain' and (not edge.is_payee_client or edge.is_payee_hub) as is_unseen,
        case when edge.is_payee_hub then {{ graph.label('edge.payee', '100') }} end as hub_label
    from features_graph.edge as edge
    cross join rule
    where edge.is_payer_client and date_diff('day', edge.booked_on, $business_date) < rule.window_days
),

-- what went to somebody outside and came straight back was followed, whoever that is
came_back as (
    select
        single.node_id,
        single.paid_to,
        sum(single.amount) as amount
    from (
        select distinct
            node_id,
            paid_to,
            paid_on,
            paid_amt as amount
        from on_circle
    ) as single
    group by single.node_id, single.paid_to
),

by_party as (
    select
        payer,
        payee,
        sum(amount) as amount,
        sum(case when is_unseen then amount else 0 end) as unseen_amt,
        max(hub_label) as hub_label
    from edge
    group by payer, payee
),

followed as (
    select
        by_party.payer as client_id,
        sum(by_party.amount) as paid_amt,
        sum(greatest(by_party.unseen_amt - coalesce(came_back.amount, 0), 0)) as unseen_amt,
        string_agg(by_party.hub_label, ', ' order by by_party.hub_label) as hub_nodes
    from by_party
    left join came_back on by_party.payer = came_back.node_id and by_party.payee = came_back.paid_to
    group by by_party.payer
),

client_circle as (
    select
        followed.client_id,
        coalesce(least(paid.amount, got.amount), 0) as circled_amt,
        coalesce(largest.circle_count, 0) as circle_count,
        largest.last_on,
        largest.path,
        cast(
            100 - coalesce(cast(100 * followed.unseen_amt / nullif(followed.paid_amt, 0) as decimal(18, 6)), 0)
            as decimal(18, 4)
        ) as traced_pct,
        followed.hub_nodes
    from followed
    left join paid on followed.client_id = paid.node_id
    left join got on followed.client_id = got.node_id
    left join largest on followed.client_id = largest.node_id
)

select * from client_circle
