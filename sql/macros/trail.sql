{# What indicators of a draw's trail share: where the money of a loan went within three payments. #}

{# The steps up to `measured` of the part of a draw that the trail calls `part` (returned, prohibited), its amount as
   `part_amt`. What is seen to go there is told, however much else is not seen: `may_fire`. Where the bank lists no draws
   each open loan waits for them. `line` is a step with an amount that is red by itself. Expects `rule`. #}
{% macro followed(part, line=none) -%}
setting as (
    select max(case when setting = 'least_traced_pct' then value end) as least_traced_pct
    from policy.trail_setting
),

draw_table as (
    select is_supplied
    from night.supplied
    where table_name = 'disbursement'
),

trail as (
    select
        *,
        {{ part }}_path || coalesce(' | ' || hub_nodes, '') as told_path
    from features.draw_trail
),

subject as (
    select
        client_id,
        loan_id,
        drawn_on
    from trail
    union all
    select
        loan.client_id,
        loan.loan_id,
        cast(null as date) as drawn_on
    from staging.loan as loan
    cross join draw_table
    where loan.is_open and not draw_table.is_supplied
),

measured as (
    select
        subject.client_id,
        subject.loan_id,
        cast(null as varchar) as project_id,
        coalesce(
            trail.drawn_amt > 0
            and span.covered_365d_days >= rule.min_days
            and date_diff('day', trail.drawn_on, $business_date) < span.covered_365d_days
            and coalesce(flow.unconverted_90d_count = 0, true)
            and trail.traced_pct >= setting.least_traced_pct,
            false
        ) as is_assessed,
        cast(100 * trail.{{ part }}_amt / nullif(trail.drawn_amt, 0) as decimal(18, 4)) as value,
        trail.drawn_amt as baseline,
        trail.traced_pct as second_value,
        span.last_data_date as data_date,
        'draw_trail:' || subject.loan_id || coalesce('|' || cast(subject.drawn_on as varchar), '') as source_keys,
        trail.{{ part }}_on as last_on,
        trail.{{ part }}_amt as part_amt,
        {% if line %}{{ line }}.red_amt,{% endif %}
        trail.told_path,
        trail.hub_nodes,
        trail.traced_pct < setting.least_traced_pct as is_elsewhere,
        span.covered_365d_days >= rule.min_days as may_fire
    from subject
    cross join rule
    cross join setting
    {% if line %}cross join {{ line }}{% endif %}
    left join trail
        on
            subject.client_id = trail.client_id
            and subject.loan_id = trail.loan_id
            and subject.drawn_on = trail.drawn_on
    left join features.client_window as flow on subject.client_id = flow.client_id
    left join features.client_span as span on subject.client_id = span.client_id
),
{%- endmacro %}
