{# The days before D at which a window of balances begins or ends: client_balance is made of the balance on each such
   day, and of the sum of the balances of all days up to it. #}
{% set edges = [0, 30, 90, 120, 180, 210] %}
{# How many days from `moved_on` up to `last_day`: how often a move counts in the sum of the balances of all days up to
   it. #}
{% macro days_up_to(moved_on, last_day) -%}
greatest(date_diff('day', {{ moved_on }}, {{ last_day }}) + 1, 0)
{%- endmacro %}
