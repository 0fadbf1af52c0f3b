-- one row per client: last night's windows, plus what entered since, less what left
-- the linter would have what stands in a template's loop or condition less deep than its select
-- noqa: disable=LT02
{% import 'macros/window.sql' as window %}
with
held as (
    select * from previous.client_window
),

-- days at the edges of a window, as the nights before knew them
edge as (
    select * from history.client_day
    where
{% for first, last in [(29, 0), (89, 0), (364, 0), (454, 90), (454, 365), (454, 0)] %}
        booked_on > $parent_date - {{ last }} and booked_on <= $business_date - {{ last }}
        or booked_on >= $parent_date - {{ first }} and booked_on < $business_date - {{ first }}
        {{ 'or' if not loop.last }}
{% endfor %}
),

-- what came to light tonight about days that were inside a window already
arrived as (
    select * from features.client_day
),

day as (
    select
        *,
        true as is_edge
    from edge
    union all
    select
        *,
        false as is_edge
    from arrived
),

moved as (
    select
        day.client_id,
{% for name, first, last, measure in window.measures %}
        coalesce(sum(
            case
                when
                    day.is_edge
                    and {{ window.inside(first, last, '$business_date') }}
                    and not {{ window.inside(first, last, '$parent_date') }}
                    then day.{{ measure }}
                when
                    not day.is_edge
                    and {{ window.inside(first, last, '$parent_date') }}
                    then day.{{ measure }}
            end
        ), 0) - coalesce(sum(
            case
                when
                    day.is_edge
                    and {{ window.inside(first, last, '$parent_date') }}
                    and not {{ window.inside(first, last, '$business_date') }}
                    then day.{{ measure }}
            end
        ), 0) as {{ name }}{{ ',' if not loop.last }}
{% endfor %}
    from day
    group by day.client_id
),

rolled as (
    select
        coalesce(held.client_id, moved.client_id) as client_id,
{% for name, first, last, measure in window.measures %}
        coalesce(held.{{ name }}, 0) + coalesce(moved.{{ name }}, 0) as {{ name }}{{ ',' if not loop.last }}
{% endfor %}
    from held
    full outer join moved on held.client_id = moved.client_id
)

select * from rolled
