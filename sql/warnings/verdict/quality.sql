-- one row per client and applicable data-quality indicator: these never colour and are no part of the coverage
with
departed as (
    select * from warnings_verdict.departed
),

measured as (
    {% for name in indicators if name.startswith('q') -%}
    {% if not loop.first -%}
    union all
    {% endif -%}
    select
        client_id,
        loan_id,
        project_id,
        indicator,
        is_assessed,
        value,
        baseline,
        second_value,
        severity,
        band,
        is_hard,
        threshold,
        amber_line,
        data_date,
        source_keys,
        event_key,
        event_on,
        min_colour,
        detail,
        reason_case,
        quiet_case
    from warnings_indicator.{{ name }}
    {% endfor %}
),

quality as (
    select measured.*
    from measured
    left join departed on measured.client_id = departed.client_id
    where departed.client_id is null
)

select * from quality
