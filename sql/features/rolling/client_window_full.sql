-- one row per client with facts in the last 455 days: the trailing windows, summed anew (the definition)
-- the linter would have what stands in a template's loop or condition less deep than its select
-- noqa: disable=LT02
{% import 'macros/window.sql' as window %}
with
day as (
    select * from history.client_day
    where booked_on >= $business_date - 454 and booked_on <= $business_date
),

summed as (
    select
        day.client_id,
{% for name, first, last, measure in window.measures %}
        coalesce(sum(
            case when {{ window.inside(first, last, '$business_date') }} then day.{{ measure }} end
        ), 0) as {{ name }}{{ ',' if not loop.last }}
{% endfor %}
    from day
    group by day.client_id
)

select * from summed
