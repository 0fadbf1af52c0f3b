-- one row per draw and way of 3 payments after it, by its third
{% import 'macros/graph.sql' as graph %}
with
{{ graph.onward(3) }}

select * from onward
