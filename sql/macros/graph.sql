{# Money from party to party. How many payments deep it is followed: C.3 counts hops, and more would be any money. #}
{% set hops = 3 %}
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
