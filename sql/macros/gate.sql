{# An item of the draw gate that counts what stands against the draw: the file names its source table and gives the step
   `found` (request_id, found_count); this is the rest. What nobody supplied is not assessed, and never zero. #}
{% macro request() -%}
request as (
    select * from care_draw.request
    where project_id is not null
)
{%- endmacro %}

{% macro counted(item, table) -%}
rule as (
    select limit_value
    from policy.draw_gate
    where item = '{{ item }}'
),

supplied as (
    select is_supplied as is_there
    from night.supplied
    where table_name = '{{ table }}'
),

judged as (
    select
        request.request_id,
        '{{ item }}' as item,
        supplied.is_there as is_assessed,
        coalesce(found.found_count, 0) <= rule.limit_value as is_met,
        cast(coalesce(found.found_count, 0) as decimal(18, 4)) as value,
        cast(rule.limit_value as decimal(18, 4)) as limit_value,
        'project:' || request.project_id as source_keys
    from request
    cross join rule
    cross join supplied
    left join found on request.request_id = found.request_id
)
{%- endmacro %}
