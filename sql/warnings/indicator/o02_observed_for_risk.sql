-- one row per client that was observed: O02, suspicions that people reported, for risk alone
{% import 'macros/observed.sql' as observed %}
with
rule as (
    select * from policy.indicator
    where indicator = 'O02'
),

{{ observed.worst() }}

select * from worst
