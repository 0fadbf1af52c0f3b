{# What was done in time of all that was due by now, in percent: what is overdue was not kept; only what still has days
   left is neither met nor missed. `prefix` stands before the names of the counts. #}
{% macro share_pct(prefix='') -%}
cast(
            100.0 * {{ prefix }}done_count
            / nullif(
                {{ prefix }}done_count
                + {{ prefix }}done_late_count
                + {{ prefix }}overdue_count
                + {{ prefix }}missed_count,
                0
            )
            as decimal(18, 4)
        )
{%- endmacro %}

{# The rows of tasks.contact_coverage that are `of` a condition, summed by branch and `by`, each sum with its share;
   where `by` is `first`, its place is 0. #}
{% macro of_branch(of, by, first) -%}
summed as (
    select
        branch_id,
        {{ by }},
        sum(asked_count) as asked_count,
        sum(done_count) as done_count,
        sum(done_late_count) as done_late_count,
        sum(open_count) as open_count,
        sum(overdue_count) as overdue_count,
        sum(missed_count) as missed_count
    from tasks.contact_coverage
    where {{ of }}
    group by branch_id, {{ by }}
),

shared as (
    select
        branch_id,
        {{ by }},
        cast(asked_count as integer) as asked_count,
        cast(done_count as integer) as done_count,
        cast(done_late_count as integer) as done_late_count,
        cast(open_count as integer) as open_count,
        cast(overdue_count as integer) as overdue_count,
        cast(missed_count as integer) as missed_count,
        {{ share_pct() }} as coverage_pct,
        case when {{ by }} = '{{ first }}' then 0 else 1 end as place
    from summed
)
{%- endmacro %}
