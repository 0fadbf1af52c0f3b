-- one row per client and group that shared events are counted in: what fired of it alone
{% import 'macros/counted.sql' as counted %}
with
{{ counted.tally('warnings_verdict.own_fired') }}

select * from tally
