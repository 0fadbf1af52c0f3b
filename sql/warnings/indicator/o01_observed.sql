-- one row per client that was observed: O01, what people observed that the branch may read
{% import 'macros/observed.sql' as observed %}
with
rule as (
    select * from policy.indicator
    where indicator = 'O01'
),

{{ observed.worst() }}

select * from worst
