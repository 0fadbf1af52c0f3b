{# Wording in SQL: figures as people read them, and policy texts with their placeholders filled. #}

{% macro money(amount) -%}
format('{:,}', cast({{ amount }} as bigint)) || ' ' || $base_ccy
{%- endmacro %}

{% macro fill(template, values) -%}
{%- set ns = namespace(text=template) -%}
{%- for name, value in values.items() -%}
{%- set ns.text = "replace(" ~ ns.text ~ ", '{" ~ name ~ "}', coalesce(" ~ value ~ ", '-'))" -%}
{%- endfor -%}
{{ ns.text }}
{%- endmacro %}
