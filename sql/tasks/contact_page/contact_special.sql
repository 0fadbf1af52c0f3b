-- one row per branch and event that asks for a special contact (the "N"), and `all` their sum: asked for, done, open,
-- overdue and missed
{% import 'macros/coverage.sql' as coverage %}
with
{{ coverage.of_branch("kind = 'special'", 'event', 'all') }}

select * from shared
