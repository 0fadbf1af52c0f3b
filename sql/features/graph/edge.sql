-- one row per payment (payer, payee, day and nature), with whether its payee is a hub
with
edge as (
    select
        payment.*,
        hub.node_id is not null as is_payee_hub
    from features_graph.payment as payment
    left join features_graph.hub as hub on payment.payee = hub.node_id
)

select * from edge
