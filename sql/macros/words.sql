{# What a row's sentence is filled with, as exact text by name. Which sentence it is, is policy's and the row's; how a
   figure is written is the sentence's (`{due:amt}`), and it is filled when the batch is written. #}
{% macro figures(values) -%}
map(
            ['{{ values | join("', '") }}'],
            [{% for value in values.values() %}{{ '' if loop.first else ', ' }}cast({{ value }} as varchar){% endfor %}]
        )
{%- endmacro %}
