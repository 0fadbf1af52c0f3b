{# Months by number, 12 * year + month, so that every engine counts alike; one less another is the months between. #}
{% macro number(day) -%}
(12 * year({{ day }}) + month({{ day }}))
{%- endmacro %}

{# The first day of the month of that number. #}
{% macro first_day_of(number) -%}
{%- set month = "(" ~ number ~ " - 1)" -%}
make_date({{ month }} // 12, {{ month }} % 12 + 1, 1)
{%- endmacro %}

{# The first day of the month that lies `ahead` months after the month of `day`, or before it. #}
{% macro first_day(day, ahead) -%}
{{ first_day_of(number(day) ~ " + " ~ ahead) }}
{%- endmacro %}
