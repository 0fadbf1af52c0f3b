-- one row per draw and way of 2 payments after it, by its second
{% import 'macros/graph.sql' as graph %}
with
{{ graph.onward(2) }}

select * from onward
