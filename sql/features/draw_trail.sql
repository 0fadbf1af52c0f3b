-- one row per client, loan and day of the last 90 on which it was drawn: what of the draw came back, what went where
-- loans may not go, along which way, and how much of it could be followed within this bank
with
hop as (
    select * from features_graph.hop
),

single as (
    select * from features_graph.ending
),

-- and no party brings to an end more than it was given
entered as (
    select
        client_id,
        loan_id,
        drawn_on,
        first_node,
        sum(carried_amt) as carried_amt
    from hop
    where depth = 1 and first_node is not null
    group by client_id, loan_id, drawn_on, first_node
),

by_first as (
    select
        single.client_id,
        single.loan_id,
        single.drawn_on,
        single.drawn_amt,
        single.ending,
        single.first_node,
        least(
            sum(single.beyond_amt), coalesce(max(entered.carried_amt), sum(single.beyond_amt))
        ) as amount,
        max(single.booked_on) as last_on
    from single
    left join entered
        on
            single.client_id = entered.client_id
            and single.loan_id = entered.loan_id
            and single.drawn_on = entered.drawn_on
            and single.first_node = entered.first_node
    group by
        single.client_id, single.loan_id, single.drawn_on, single.drawn_amt, single.ending, single.first_node
),

by_draw as (
    select
        client_id,
        loan_id,
        drawn_on,
        least(
            max(drawn_amt), coalesce(sum(case when ending = 'returned' then amount end), 0)
        ) as returned_amt,
        least(
            max(drawn_amt), coalesce(sum(case when ending = 'prohibited' then amount end), 0)
        ) as prohibited_amt,
        max(case when ending = 'returned' then last_on end) as returned_on,
        max(case when ending = 'prohibited' then last_on end) as prohibited_on
    from by_first
    group by client_id, loan_id, drawn_on
),

told as (
    select
        client_id,
        loan_id,
        drawn_on,
        ending,
        path,
        count(*) over (partition by client_id, loan_id, drawn_on, ending) as path_count,
        row_number() over (
            partition by client_id, loan_id, drawn_on, ending
            order by beyond_amt desc, depth asc, path asc
        ) as place
    from single
),

path as (
    select
        client_id,
        loan_id,
        drawn_on,
        max(case when ending = 'returned' then path end) as returned_path,
        max(case when ending = 'prohibited' then path end) as prohibited_path,
        max(case when ending = 'returned' then path_count end) as returned_path_count,
        max(case when ending = 'prohibited' then path_count end) as prohibited_path_count
    from told
    where place = 1
    group by client_id, loan_id, drawn_on
),

trail as (
    select
        draw.client_id,
        draw.loan_id,
        draw.drawn_on,
        draw.drawn_amt,
        coalesce(by_draw.returned_amt, 0) as returned_amt,
        by_draw.returned_on,
        path.returned_path,
        coalesce(path.returned_path_count, 0) as returned_path_count,
        coalesce(by_draw.prohibited_amt, 0) as prohibited_amt,
        by_draw.prohibited_on,
        path.prohibited_path,
        coalesce(path.prohibited_path_count, 0) as prohibited_path_count,
        traced.traced_pct,
        traced.hub_nodes
    from features_graph.draw as draw
    left join by_draw
        on draw.client_id = by_draw.client_id and draw.loan_id = by_draw.loan_id and draw.drawn_on = by_draw.drawn_on
    left join path
        on draw.client_id = path.client_id and draw.loan_id = path.loan_id and draw.drawn_on = path.drawn_on
    left join features_graph.traced as traced
        on draw.client_id = traced.client_id and draw.loan_id = traced.loan_id and draw.drawn_on = traced.drawn_on
    where draw.is_followed
)

select * from trail
