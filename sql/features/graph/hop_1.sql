-- one row per draw and payment that its client made in the days after it: to whom, and how much of the draw it was
{% import 'macros/graph.sql' as graph %}
with
setting as (
    select cast(max(case when setting = 'return_days' then value end) as integer) as return_days
    from policy.trail_setting
),

draw as (
    select
        draw.*,
        mapping.group_id
    from features_graph.draw as draw
    inner join features.client_mapping as mapping on draw.client_id = mapping.client_id
    where draw.is_followed and draw.drawn_amt > 0
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
        edge.payer,
        edge.payee,
        edge.booked_on,
        edge.nature,
        edge.amount,
        least(draw.drawn_amt, edge.amount) as carried_amt,
        edge.is_payee_client,
        edge.is_payee_hub as is_hub,
        false as is_home,
        {{ graph.label('draw.client_id', '100') }}
        || {{ graph.step('edge.payee', 'edge.certainty_pct', 'edge.booked_on', 'edge.amount') }} as path,
        related.client_id is not null or coalesce(draw.group_id = edge.payee_group_id, false) as is_related
    from draw
    cross join setting
    inner join features_graph.edge as edge
        on
            draw.client_id = edge.payer
            and draw.drawn_on <= edge.booked_on
            and draw.drawn_on + setting.return_days >= edge.booked_on
    left join related on draw.client_id = related.client_id and edge.payee = related.node_id
)

select * from hop_1
