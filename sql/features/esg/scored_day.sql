-- one row per day that projects are scored as of: tonight, 365 days ago, and the ends of the last twelve months
{% import 'macros/month.sql' as month %}
with
scored_day as (
    select cast($business_date as date) as as_of
    union
    select cast($business_date - 365 as date) as as_of
    {% for back in range(12) %}
    union
    select cast({{ month.first_day('$business_date', -back) }} - 1 as date) as as_of
    {% endfor %}
)

select * from scored_day
