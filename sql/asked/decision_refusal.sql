-- one row per decision that somebody is about to take: why it may not be taken, null where it may
{% import 'macros/decision.sql' as decision %}
with
proposed as (
    select * from night.proposed_decision
),

{{ decision.judged('proposed') }}

select * from judged
