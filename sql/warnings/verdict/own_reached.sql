-- one row per client and rule of policy colour that what fired of it alone reaches: the colour
{% import 'macros/counted.sql' as counted %}
with
{{ counted.reached('warnings_verdict.own_fired', 'warnings_verdict.own_tally') }}

select * from reached
