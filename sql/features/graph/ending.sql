-- one row per draw and payment that ends a way of it: at the borrower or a party related to it after another party had
-- the money, or where loans may not go; what is beyond the usual of it, and the way
with
hop as (
    select * from features_graph.hop
),

ended as (
    select
        hop.client_id,
        hop.loan_id,
        hop.drawn_on,
        hop.drawn_amt,
        hop.depth,
        hop.first_node,
        hop.payer,
        hop.payee,
        hop.booked_on,
        hop.nature,
        case when hop.nature = 'prohibited' then 'prohibited' else 'returned' end as ending,
        hop.path,
        least(hop.carried_amt, greatest(hop.amount - coalesce(usual.usual_amt, 0), 0)) as beyond_amt
    from hop
    left join features_graph.usual as usual
        on
            hop.client_id = usual.client_id
            and hop.payer = usual.payer
            and coalesce(hop.payee, '') = coalesce(usual.payee, '')
            and hop.nature = usual.nature
    where
        hop.nature = 'prohibited'
        or hop.depth > 1 and (hop.is_home or hop.is_related) and hop.nature in ('plain', 'related')
),

-- a payment ends one way of a draw, whichever ways lead to it
ranked as (
    select
        *,
        row_number() over (
            partition by client_id, loan_id, drawn_on, ending, payer, payee, booked_on, nature
            order by beyond_amt desc, depth asc, path asc
        ) as place
    from ended
    where beyond_amt > 0
),

single as (
    select
        client_id,
        loan_id,
        drawn_on,
        drawn_amt,
        depth,
        first_node,
        booked_on,
        ending,
        path,
        cast(beyond_amt as decimal(38, 2)) as beyond_amt
    from ranked
    where place = 1
)

select * from single
