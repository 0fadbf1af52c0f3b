{# The code of a card, as people type it: a letter, five digits and a check letter (K40281C), without letters that are
   taken for figures or for each other. The check is the sum of the places, weighted 1 to 6, modulo 23: no single
   mistyped place and no two digits that changed places pass. nightdesk/card_code.py reads what is typed. #}
{% set letters = "ABCDEFGHJKMNPQRSTUVWXYZ" %}
{# how many codes are tried for a task until one is nobody else's in its branch #}
{% set tries = 6 %}

{# What one place of a digest, counted from zero, stands for. #}
{% macro digit(digest, place) -%}
(strpos('0123456789abcdef', substr({{ digest }}, {{ place + 1 }}, 1)) - 1)
{%- endmacro %}

{# A whole number below 2,300,000 from the first six places of a digest. #}
{% macro number(digest) -%}
(0{% for place in range(6) %} + {{ 16 ** place }} * {{ digit(digest, place) }}{% endfor %}) % 2300000
{%- endmacro %}

{# The sum of a number's letter and five figures, each by its weight. #}
{% macro weighed(number) -%}
({{ number }} // 100000
{%- for place in range(5) %} + {{ place + 2 }} * ({{ number }} // {{ 10 ** (4 - place) }} % 10){% endfor %})
{%- endmacro %}

{# The code of such a number. #}
{% macro written(number) -%}
substr('{{ letters }}', cast({{ number }} // 100000 + 1 as integer), 1)
|| lpad(cast({{ number }} % 100000 as varchar), 5, '0')
|| substr('{{ letters }}', cast({{ weighed(number) }} % 23 + 1 as integer), 1)
{%- endmacro %}
