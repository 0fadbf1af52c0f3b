-- one row per borrower, payer, payee and nature of a payment that ends a way: the most that was so paid on a day that
-- no draw of the borrower can have paid for
with
setting as (
    select cast(max(case when setting = 'return_days' then value end) as integer) as return_days
    from policy.trail_setting
),

ending as (
    select distinct
        client_id,
        payer,
        payee,
        nature
    from features_graph.hop
    where nature = 'prohibited' or depth > 1 and (is_home or is_related)
),

draw as (
    select distinct
        client_id,
        drawn_on
    from features_graph.draw
),

paid as (
    select
        ending.client_id,
        edge.payer,
        edge.payee,
        edge.nature,
        edge.booked_on,
        edge.amount
    from ending
    inner join features_graph.edge as edge
        on
            ending.payer = edge.payer
            and coalesce(ending.payee, '') = coalesce(edge.payee, '')
            and ending.nature = edge.nature
),

after_draw as (
    select distinct
        paid.client_id,
        paid.booked_on
    from paid
    cross join setting
    inner join draw
        on
            paid.client_id = draw.client_id
            and paid.booked_on >= draw.drawn_on
            and paid.booked_on <= draw.drawn_on + setting.return_days
),

usual as (
    select
        paid.client_id,
        paid.payer,
        paid.payee,
        paid.nature,
        max(paid.amount) as usual_amt
    from paid
    left join after_draw on paid.client_id = after_draw.client_id and paid.booked_on = after_draw.booked_on
    where after_draw.client_id is null
    group by paid.client_id, paid.payer, paid.payee, paid.nature
)

select * from usual
