-- one row per client and group that shared events are counted in: what fired
{% import 'macros/counted.sql' as counted %}
with
{{ counted.tally('warnings_verdict.fired') }}

select * from tally
