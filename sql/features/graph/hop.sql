-- one row per draw and way of up to three payments after it: where the money went, how much of it, and what that was
-- Money is followed from payment to payment within some days. No payment carries more of a draw than the one before it
-- brought; from the second on it counts where it is a good part of that, or ends at the borrower or a party related to it.
{% import 'macros/graph.sql' as graph %}
with
setting as (
    select
        cast(max(case when setting = 'return_days' then value end) as integer) as return_days,
        max(case when setting = 'pass_on_pct' then value end) * 0.01 as pass_on_share
    from policy.trail_setting
),

draw as (
    select
        draw.*,
        mapping.group_id
    from features_graph.draw as draw
    inner join features.client_mapping as mapping on draw.client_id = mapping.client_id
    where draw.drawn_amt > 0
),

edge as (
    select
        edge.*,
        mapping.group_id as payee_group_id
    from features_graph.edge as edge
    left join features.client_mapping as mapping on edge.payee = mapping.client_id
),

hub as (
    select * from features_graph.hub
),

related as (
    select * from features_graph.related
),

hop_1 as (
    select
        draw.client_id,
        draw.loan_id,
        draw.drawn_on,
        draw.drawn_amt,
        draw.group_id,
        1 as depth,
        edge.payee as first_node,
        edge.booked_on as first_day,
        cast(null as varchar) as second_node,
        edge.payer,
        edge.payee,
        edge.booked_on,
        edge.nature,
        edge.amount,
        least(draw.drawn_amt, edge.amount) as carried_amt,
        edge.is_payee_client,
        false as is_home,
        related.client_id is not null or coalesce(draw.group_id = edge.payee_group_id, false) as is_related,
        {{ graph.label('draw.client_id', '100') }}
        || {{ graph.step('edge.payee', 'edge.certainty_pct', 'edge.booked_on', 'edge.amount') }} as path
    from draw
    cross join setting
    inner join edge
        on
            draw.client_id = edge.payer
            and edge.booked_on >= draw.drawn_on
            and edge.booked_on <= draw.drawn_on + setting.return_days
    left join related on draw.client_id = related.client_id and edge.payee = related.node_id
),

{% for depth in range(2, graph.hops + 1) %}
from_{{ depth - 1 }} as (
    select hop.*
    from hop_{{ depth - 1 }} as hop
    left join hub on hop.payee = hub.node_id
    where hop.nature in ('plain', 'related') and not hop.is_related and not hop.is_home and hub.node_id is null
),

hop_{{ depth }} as (
    select
        hop.client_id,
        hop.loan_id,
        hop.drawn_on,
        hop.drawn_amt,
        hop.group_id,
        {{ depth }} as depth,
        hop.first_node,
        hop.first_day,
        {{ 'edge.payee' if depth == 2 else 'hop.second_node' }} as second_node,
        edge.payer,
        edge.payee,
        edge.booked_on,
        edge.nature,
        edge.amount,
        least(hop.carried_amt, edge.amount) as carried_amt,
        edge.is_payee_client,
        coalesce(edge.payee = hop.client_id, false) as is_home,
        related.client_id is not null or coalesce(hop.group_id = edge.payee_group_id, false) as is_related,
        hop.path || {{ graph.step('edge.payee', 'edge.certainty_pct', 'edge.booked_on', 'edge.amount') }} as path
    from from_{{ depth - 1 }} as hop
    cross join setting
    inner join edge
        on
            hop.payee = edge.payer
            and edge.booked_on >= hop.booked_on
            and edge.booked_on <= hop.drawn_on + setting.return_days
    left join related on hop.client_id = related.client_id and edge.payee = related.node_id
    where
        coalesce(edge.payee <> hop.first_node, true)
        and (
            edge.payee = hop.client_id
            or related.client_id is not null
            or coalesce(hop.group_id = edge.payee_group_id, false)
            or edge.amount >= setting.pass_on_share * hop.carried_amt
        )
),
{% endfor %}

hop as (
    {% for depth in range(1, graph.hops + 1) %}
    {{ 'union all' if not loop.first }}
    select * from hop_{{ depth }}
    {% endfor %}
)

select * from hop
