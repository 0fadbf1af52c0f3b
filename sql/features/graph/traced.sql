-- one row per draw: which share of it, or of all its client paid in the days after where that is more, was followed
-- Not followed is what went to somebody outside this bank and did not come back from there, to nobody known, or to a
-- hub; and what a client of this bank passed on in such a way.
{% import 'macros/graph.sql' as graph %}
with
hop as (
    select
        *,
        nature in ('plain', 'related') and not is_related and not is_home as goes_on,
        {{ graph.label('payee', '100') }} as payee_label
    from features_graph.hop
),

ended as (
    select
        client_id,
        loan_id,
        drawn_on,
        first_node,
        sum(beyond_amt) as ended_amt
    from features_graph.ending
    where depth > 1
    group by client_id, loan_id, drawn_on, first_node
),

passed_on as (
    select
        client_id,
        loan_id,
        drawn_on,
        first_node,
        sum(carried_amt) as unseen_amt
    from hop
    where depth = 2 and goes_on and (not is_payee_client or is_hub)
    group by client_id, loan_id, drawn_on, first_node
),

paid as (
    select
        client_id,
        loan_id,
        drawn_on,
        drawn_amt,
        first_node,
        sum(amount) as paid_amt,
        sum(case when goes_on then amount else 0 end) as going_amt,
        sum(case when goes_on and (not is_payee_client or is_hub) then amount else 0 end) as outside_amt
    from hop
    where depth = 1
    group by client_id, loan_id, drawn_on, drawn_amt, first_node
),

by_party as (
    select
        paid.client_id,
        paid.loan_id,
        paid.drawn_on,
        paid.drawn_amt,
        paid.paid_amt,
        case
            when paid.outside_amt > 0 then greatest(paid.outside_amt - coalesce(ended.ended_amt, 0), 0)
            else least(paid.going_amt, coalesce(passed_on.unseen_amt, 0))
        end as unseen_amt
    from paid
    left join ended
        on
            paid.client_id = ended.client_id
            and paid.loan_id = ended.loan_id
            and paid.drawn_on = ended.drawn_on
            and paid.first_node = ended.first_node
    left join passed_on
        on
            paid.client_id = passed_on.client_id
            and paid.loan_id = passed_on.loan_id
            and paid.drawn_on = passed_on.drawn_on
            and paid.first_node = passed_on.first_node
),

summed as (
    select
        client_id,
        loan_id,
        drawn_on,
        sum(unseen_amt) as unseen_amt,
        greatest(max(drawn_amt), sum(paid_amt)) as whole_amt
    from by_party
    group by client_id, loan_id, drawn_on
),

hub as (
    select
        client_id,
        loan_id,
        drawn_on,
        string_agg(distinct payee_label, ', ' order by payee_label) as hub_nodes
    from hop
    where is_hub and goes_on
    group by client_id, loan_id, drawn_on
),

traced as (
    select
        draw.client_id,
        draw.loan_id,
        draw.drawn_on,
        cast(
            100 - coalesce(cast(100 * summed.unseen_amt / nullif(summed.whole_amt, 0) as decimal(18, 6)), 0)
            as decimal(18, 4)
        ) as traced_pct,
        hub.hub_nodes
    from features_graph.draw as draw
    left join summed
        on draw.client_id = summed.client_id and draw.loan_id = summed.loan_id and draw.drawn_on = summed.drawn_on
    left join hub on draw.client_id = hub.client_id and draw.loan_id = hub.loan_id and draw.drawn_on = hub.drawn_on
    where draw.is_followed
)

select * from traced
