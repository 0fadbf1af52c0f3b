{# Money from party to party. #}
{# How a party stands in a path: a client or counterparty by its id, one that has only a name by its first two letters;
   of one that is taken for a client by its name, how sure that is. #}
{% macro label(node, certainty) -%}
case
            when {{ node }} like 'name:%' then substr({{ node }}, 6, 2) || '**'
            else coalesce({{ node }}, '?') || case
                when {{ certainty }} < 100 then ' (' || cast(cast({{ certainty }} as integer) as varchar) || '%)' else ''
            end
        end
{%- endmacro %}
{# One payment of a path as text: day, amount and who got it. #}
{% macro step(node, certainty, day, amount) -%}
' > ' || cast({{ day }} as varchar) || ' ' || cast(cast({{ amount }} as decimal(18, 2)) as varchar) || ' > ' || {{ label(node, certainty) }}
{%- endmacro %}
{# The payments by which what `depth - 1` payments brought to a party may have gone on: from the day it came, within the
   days of the draw; about as much as the payment before unless it ends at the borrower or a party related to it. Little
   ones to related parties are found apart: a condition on the outer side of a join makes DuckDB 2.0 order the joins as
   if it were an inner one, and lose the others. #}
{% macro onward(depth) -%}
setting as (
    select
        cast(max(case when setting = 'return_days' then value end) as integer) as return_days,
        max(case when setting = 'pass_on_least_pct' then value end) * 0.01 as least_share,
        max(case when setting = 'pass_on_most_pct' then value end) * 0.01 as most_share
    from policy.trail_setting
),

from_here as (
    select * from features_graph.hop_{{ depth - 1 }}
    where
        nature in ('plain', 'related')
        and not is_related
        and not is_home
        and not is_hub
),

passed_on as (
    select
        {{ _onward_columns(depth) }},
        related.client_id is not null or coalesce(hop.group_id = edge.payee_group_id, false) as is_related
    from from_here as hop
    cross join setting
    inner join features_graph.edge as edge on {{ _onward() }}
    left join features_graph.related as related
        on hop.client_id = related.client_id and edge.payee = related.node_id
    where {{ _is_ample() }}
),

little as (
    select
        {{ _onward_columns(depth) }},
        true as is_related
    from from_here as hop
    cross join setting
    inner join features_graph.edge as edge on {{ _onward() }}
    inner join features_graph.related as related
        on hop.client_id = related.client_id and edge.payee = related.node_id
    where not {{ _is_ample() }}
),

onward as (
    select * from passed_on
    union all
    select * from little
)
{%- endmacro %}
{% macro _onward_columns(depth) -%}
hop.client_id,
        hop.loan_id,
        hop.drawn_on,
        hop.drawn_amt,
        hop.group_id,
        {{ depth }} as depth,
        hop.first_node,
        edge.payer,
        edge.payee,
        edge.booked_on,
        edge.nature,
        edge.amount,
        least(hop.carried_amt, edge.amount) as carried_amt,
        edge.is_payee_client,
        edge.is_payee_hub as is_hub,
        coalesce(edge.payee = hop.client_id, false) as is_home,
        hop.path || {{ step('edge.payee', 'edge.certainty_pct', 'edge.booked_on', 'edge.amount') }} as path
{%- endmacro %}
{% macro _onward() -%}
hop.payee = edge.payer
            and hop.booked_on <= edge.booked_on
            and hop.drawn_on + setting.return_days >= edge.booked_on
            and coalesce(hop.first_node <> edge.payee, true)
{%- endmacro %}
{% macro _is_ample() -%}
(
            coalesce(edge.payee = hop.client_id, false)
            or coalesce(hop.group_id = edge.payee_group_id, false)
            or edge.amount between setting.least_share * hop.amount and setting.most_share * hop.amount
        )
{%- endmacro %}
