-- one row per circle of two to four payments that ends where it began: its payers, days and amounts in their order
-- Each payment is within some days and some share of the first. A payment found in a shorter circle is looked for in no
-- longer one, and of the ways of two payments between the same two parties only the earliest are joined: whether money
-- goes round is asked, not how many ways. Of payments of one day none is the first: their circle is told once.
{% macro near(amount, first, setting='setting') -%}
(1 - {{ setting }}.gap_share) * {{ first }} <= {{ amount }}
            and (1 + {{ setting }}.gap_share) * {{ first }} >= {{ amount }}
{%- endmacro %}
with
setting as (
    select
        cast(max(case when setting = 'circle_days' then value end) as integer) as circle_days,
        max(case when setting = 'circle_gap_pct' then value end) * 0.01 as gap_share,
        max(case when setting = 'circle_path_count' then value end) as path_count
    from policy.trail_setting
),

least_amt as (
    select coalesce(max(amber_amt), 0) as amber_amt
    from policy.indicator_amount
    where indicator = 'T14'
),

paid as (
    select
        edge.payer,
        edge.payee,
        edge.booked_on,
        edge.amount,
        edge.certainty_pct
    from features_graph.edge as edge
    cross join least_amt
    where
        edge.nature = 'plain'
        and edge.payee is not null
        and not edge.is_payee_hub
        and edge.amount >= least_amt.amber_amt
),

receives as (
    select distinct payee as node_id
    from paid
),

pays as (
    select distinct payer as node_id
    from paid
),

-- nobody who only pays, or is only paid, is on a circle; through a hub none is looked for
-- each payment has what it is held to with it: the pairs are far more than the payments
edge as (
    select
        paid.*,
        setting.circle_days,
        setting.gap_share
    from paid
    cross join setting
    inner join receives on paid.payer = receives.node_id
    inner join pays on paid.payee = pays.node_id
),

circle_2 as (
    select
        first.payer as node_1,
        first.payee as node_2,
        first.booked_on as day_1,
        second.booked_on as day_2,
        first.amount as amount_1,
        second.amount as amount_2,
        first.certainty_pct as certainty_1,
        second.certainty_pct as certainty_2
    from edge as first
    inner join edge as second
        on
            first.payee = second.payer
            and first.payer = second.payee
            and first.booked_on <= second.booked_on
            and first.booked_on + first.circle_days >= second.booked_on
            and {{ near('second.amount', 'first.amount', 'first') }}
),

used_2 as (
    select
        node_1 as payer,
        node_2 as payee,
        day_1 as booked_on
    from circle_2
    union
    select
        node_2 as payer,
        node_1 as payee,
        day_2 as booked_on
    from circle_2
),

left_2 as (
    select edge.*
    from edge
    left join used_2 as used
        on edge.payer = used.payer and edge.payee = used.payee and edge.booked_on = used.booked_on
    where used.payer is null
),

two as (
    select
        first.payer as node_1,
        first.payee as node_2,
        second.payee as node_3,
        first.booked_on as day_1,
        second.booked_on as day_2,
        first.amount as amount_1,
        second.amount as amount_2,
        first.certainty_pct as certainty_1,
        second.certainty_pct as certainty_2
    from left_2 as first
    inner join left_2 as second
        on
            first.payee = second.payer
            and first.payer <> second.payee
            and first.booked_on <= second.booked_on
            and first.booked_on + first.circle_days >= second.booked_on
            and {{ near('second.amount', 'first.amount', 'first') }}
),

circle_3 as (
    select
        two.*,
        third.booked_on as day_3,
        third.amount as amount_3,
        third.certainty_pct as certainty_3
    from two
    cross join setting
    inner join left_2 as third
        on
            two.node_3 = third.payer
            and two.node_1 = third.payee
            and two.day_2 <= third.booked_on
            and two.day_1 + setting.circle_days >= third.booked_on
            and {{ near('third.amount', 'two.amount_1') }}
),

used_3 as (
    select
        node_1 as payer,
        node_2 as payee,
        day_1 as booked_on
    from circle_3
    union
    select
        node_2 as payer,
        node_3 as payee,
        day_2 as booked_on
    from circle_3
    union
    select
        node_3 as payer,
        node_1 as payee,
        day_3 as booked_on
    from circle_3
),

earliest as (
    select
        two.*,
        row_number() over (
            partition by two.node_1, two.node_3
            order by two.day_1 asc, two.day_2 asc, two.node_2 asc
        ) as place
    from two
    left join used_3 as used_first
        on
            two.node_1 = used_first.payer
            and two.node_2 = used_first.payee
            and two.day_1 = used_first.booked_on
    left join used_3 as used_second
        on
            two.node_2 = used_second.payer
            and two.node_3 = used_second.payee
            and two.day_2 = used_second.booked_on
    where used_first.payer is null and used_second.payer is null
),

half as (
    select earliest.*
    from earliest
    cross join setting
    where earliest.place <= setting.path_count
),

circle_4 as (
    select
        there.*,
        back.node_2 as node_4,
        back.day_1 as day_3,
        back.day_2 as day_4,
        back.amount_1 as amount_3,
        back.amount_2 as amount_4,
        back.certainty_1 as certainty_3,
        back.certainty_2 as certainty_4
    from half as there
    cross join setting
    inner join half as back
        on
            there.node_3 = back.node_1
            and there.node_1 = back.node_3
            and there.node_2 <> back.node_2
            and there.day_2 <= back.day_1
            and there.day_1 + setting.circle_days >= back.day_2
            and {{ near('back.amount_1', 'there.amount_1') }}
            and {{ near('back.amount_2', 'there.amount_1') }}
),

found as (
    select
        2 as payment_count,
        node_1,
        node_2,
        cast(null as varchar) as node_3,
        cast(null as varchar) as node_4,
        day_1,
        day_2,
        cast(null as date) as day_3,
        cast(null as date) as day_4,
        amount_1,
        amount_2,
        cast(null as decimal(38, 2)) as amount_3,
        cast(null as decimal(38, 2)) as amount_4,
        certainty_1,
        certainty_2,
        cast(null as decimal(18, 4)) as certainty_3,
        cast(null as decimal(18, 4)) as certainty_4
    from circle_2
    union all
    select
        3 as payment_count,
        node_1,
        node_2,
        node_3,
        cast(null as varchar) as node_4,
        day_1,
        day_2,
        day_3,
        cast(null as date) as day_4,
        amount_1,
        amount_2,
        amount_3,
        cast(null as decimal(38, 2)) as amount_4,
        certainty_1,
        certainty_2,
        certainty_3,
        cast(null as decimal(18, 4)) as certainty_4
    from circle_3
    union all
    select
        4 as payment_count,
        node_1,
        node_2,
        node_3,
        node_4,
        day_1,
        day_2,
        day_3,
        day_4,
        amount_1,
        amount_2,
        amount_3,
        amount_4,
        certainty_1,
        certainty_2,
        certainty_3,
        certainty_4
    from circle_4
),

-- where a circle would begin if it began with its least party: with whom that one stands, whatever its first payment is
placed as (
    select
        *,
        least(node_1, node_2, coalesce(node_3, node_1), coalesce(node_4, node_1)) as least_node,
        day_1 = coalesce(day_4, day_3, day_2) as is_of_one_day
    from found
),

turned as (
    select
        *,
        case least_node
            when node_1 then node_2
            when node_2 then coalesce(node_3, node_1)
            when node_3 then coalesce(node_4, node_1)
            else node_1
        end as pays_node,
        case least_node
            when node_1 then coalesce(node_4, node_3, node_2)
            when node_2 then node_1
            when node_3 then node_2
            else node_3
        end as paid_by_node,
        -- of four alone: two or three have nobody across
        case
            when node_4 is null then null
            when least_node = node_1 then node_3
            when least_node = node_2 then node_4
            when least_node = node_3 then node_1
            else node_2
        end as opposite_node
    from placed
),

ranked as (
    select
        *,
        row_number() over (
            partition by payment_count, day_1, is_of_one_day, least_node, pays_node, paid_by_node, opposite_node
            order by node_1
        ) as place
    from turned
),

circle as (
    select
        payment_count,
        node_1,
        node_2,
        node_3,
        node_4,
        day_1,
        day_2,
        day_3,
        day_4,
        amount_1,
        amount_2,
        amount_3,
        amount_4,
        certainty_1,
        certainty_2,
        certainty_3,
        certainty_4
    from ranked
    where place = 1 or not is_of_one_day
)

select * from circle
