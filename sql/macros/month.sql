{# Months by number, 12 * year + month, so that every engine counts alike; one less another is the months between. #}
{% macro number(day) -%}
(12 * year({{ day }}) + month({{ day }}))
{%- endmacro %}

{# The first day of the month that lies `ahead` months after the month of `day`, or before it. #}
{% macro first_day(day, ahead) -%}
{%- set month = "(" ~ number(day) ~ " + " ~ ahead ~ " - 1)" -%}
make_date({{ month }} // 12, {{ month }} % 12 + 1, 1)
{%- endmacro %}
