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
