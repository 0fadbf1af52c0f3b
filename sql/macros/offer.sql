{# The rule's score of an offer, 0 to 100: 100 x P(accepted) x fit x margin x (1 - fatigue). #}
{% macro score(accept_share, fit_share, margin_share, fatigue_share) -%}
cast(
    100
    * cast({{ accept_share }} as decimal(9, 6))
    * cast({{ fit_share }} as decimal(9, 6))
    * cast({{ margin_share }} as decimal(9, 6))
    * (1 - cast({{ fatigue_share }} as decimal(9, 6)))
    as decimal(9, 4)
)
{%- endmacro %}

{# What share of offers was accepted, drawn towards policy's own share as if that had been seen `prior_offers` times. #}
{% macro accept_share(accepted, decided, prior_accept_pct, prior_offers) -%}
cast(
    ({{ accepted }} + {{ prior_offers }} * {{ prior_accept_pct }} * 0.01)
    / nullif({{ decided }} + {{ prior_offers }}, 0)
    as decimal(18, 6)
)
{%- endmacro %}

{# How tired a client is of being spoken to, 0 to 1. #}
{% macro fatigue_share(contacts, fatigue_contacts) -%}
least(1, cast({{ contacts }} / nullif({{ fatigue_contacts }}, 0) as decimal(18, 6)))
{%- endmacro %}
