{# What a row of a scorecard's measure may have beside staff_id, outcome, counted and out_of. Each file of
   tasks/scorecard/measure/ writes what it has and ends its select with {{ scorecard.lacking('client_id', ...) }}: what is
   not named is null. Its name is the measure's code in policy scorecard_measure.
   counted, out_of: what the row adds above and below the line, as the measure's aggregate reads them; on_date: when it
   happened, due_on: by when it should have; base_amt, value_amt: before and after; days_owned: of the quarter's days. #}
{% set optional = {
    'client_id': 'varchar',
    'subject': 'varchar',
    'on_date': 'date',
    'due_on': 'date',
    'base_amt': 'decimal(18, 2)',
    'value_amt': 'decimal(18, 2)',
    'days_owned': 'integer',
} %}

{% macro lacking() -%}
{%- for column, type in optional.items() if column not in varargs -%}
{{ '' if loop.first else ',\n        ' }}cast(null as {{ type }}) as {{ column }}
{%- endfor %}
{%- endmacro %}
