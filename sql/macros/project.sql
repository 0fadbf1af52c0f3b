{# What indicators of projects share. #}

{# Whether forecasts are awaited: where the bank has none of any project it does not supply them, and that one project's
   is missing says nothing; without the table each project waits for it. #}
{% macro forecast() -%}
forecast_told as (
    select count(*) as forecasts
    from features_project.period
    where kind = 'forecast'
),

forecast as (
    select
        coalesce(max(case when supplied.is_supplied then 0 else 1 end), 1) = 1
        or coalesce(max(forecast_told.forecasts), 0) > 0 as is_awaited
    from night.supplied as supplied
    cross join forecast_told
    where supplied.table_name = 'project_cashflow'
),
{%- endmacro %}

{# The steps from `project` to `fired` of a cover that a contract may set levels for: `cover_amt` over `owed_amt` of
   `table`, against `level`_lock_up and `level`_default where they are agreed, else policy's lines. `to` is the last
   month that counts, `until` the day that is told. Expects `rule`. #}
{% macro cover(judge, table, cover_amt, owed_amt, level, to, until) -%}
agreed as (
    select * from features_project.covenant_limit
),

{{ forecast() }}

project as (
    select cover.*
    from {{ table }} as cover
    cross join forecast
    where forecast.is_awaited
),

measured as (
    select
        project.client_id,
        cast(null as varchar) as loan_id,
        project.project_id,
        project.{{ cover_amt }} is not null and project.{{ owed_amt }} is not null as is_assessed,
        cast(project.{{ cover_amt }} / nullif(project.{{ owed_amt }}, 0) as decimal(18, 4)) as value,
        project.{{ cover_amt }} as baseline,
        project.{{ owed_amt }} as second_value,
        $business_date as data_date,
        coalesce(
            'project_cashflow:' || project.project_id || '|' || cast(project.{{ to }} as varchar) || '|forecast',
            'project:' || project.project_id
        ) as source_keys,
        coalesce(agreed.{{ level }}_lock_up, rule.amber_value) as lock_up,
        coalesce(agreed.{{ level }}_default, rule.red_value) as default_level,
        agreed.{{ level }}_lock_up is not null as is_lock_up_agreed,
        agreed.{{ level }}_default is not null as is_default_agreed,
        project.{{ until }}
    from project
    cross join rule
    left join agreed on project.project_id = agreed.project_id
),

{{ judge(
    amber_line='measured.lock_up',
    red_line='measured.default_level',
    reason_case="case
            when measured.value < measured.default_level
                then case when measured.is_default_agreed then 'agreed' end
            when measured.is_lock_up_agreed then 'agreed'
        end",
    detail='measured.' ~ until,
    many=true
) }}
{%- endmacro %}
