-- one row per client and indicator that fired: with its policy, its points, and what it was before tonight
{% import 'macros/fired.sql' as fired %}
with
{{ fired.of(['warnings_verdict.contagion', 'warnings_verdict.quality']) }},

every as (
    select * from warnings_verdict.own_fired
    union all
    select * from fired
)

select * from every
