-- one row per branch and kind of fixed contact or visit (the "2"): asked for, done, open, overdue and missed
{% import 'macros/coverage.sql' as coverage %}
with
{{ coverage.of_branch("kind <> 'special'", 'kind', 'fixed') }}

select * from shared
