-- one row per client and indicator that fired of what is seen of it alone: policy, points, and what it was before
{% import 'macros/fired.sql' as fired %}
with
{{ fired.of(['warnings_verdict.reading']) }}

select * from fired
