-- one row per client and rank of a colour that it reaches: by which rules, as comparisons (score 62.5 >= 60)
{% macro plain(number) -%}
rtrim(rtrim(cast(cast({{ number }} as decimal(18, 4)) as varchar), '0'), '.')
{%- endmacro %}
with
floored as (
    select
        client_id,
        least_rank as rank,
        'floor ' || floor_reason as words
    from warnings_verdict.client_floor
    where least_rank > 0
),

-- an event that groups share is tried in each of them: what comes out worst is told
reached as (
    select
        client_id,
        rank,
        rule,
        subject,
        max(value) as value,
        max(line) as line,
        max(family_count) as family_count,
        max(family_line) as family_line
    from warnings_verdict.reached
    group by client_id, rank, rule, subject
),

worded as (
    select
        client_id,
        rank,
        rule
        || coalesce(' ' || subject, '')
        || coalesce(' ' || {{ plain('value') }} || ' >= ' || {{ plain('line') }}, '')
        || coalesce(
            ' of ' || cast(family_count as varchar) || ' families >= ' || cast(family_line as varchar), ''
        ) as words
    from reached
    union all
    select
        client_id,
        rank,
        words
    from floored
),

ruling as (
    select
        client_id,
        rank,
        string_agg(words, '; ' order by words) as rule
    from worded
    group by client_id, rank
)

select * from ruling
