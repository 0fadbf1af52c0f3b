-- one row per party that pays more others than money can be followed through
with
fan_out as (
    select value from policy.trail_setting
    where setting = 'fan_out_count'
),

payer as (
    select
        payer,
        count(distinct payee) as payee_count
    from features_graph.payment
    where nature in ('plain', 'related')
    group by payer
),

hub as (
    select
        payer.payer as node_id,
        payer.payee_count
    from payer
    cross join fan_out
    where payer.payee_count > fan_out.value
)

select * from hub
