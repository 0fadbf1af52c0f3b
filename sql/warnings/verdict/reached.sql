-- one row per client and rule of policy colour that what fired reaches: the colour
{% import 'macros/counted.sql' as counted %}
with
{{ counted.reached('warnings_verdict.fired', 'warnings_verdict.tally') }}

select * from reached
