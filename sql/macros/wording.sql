{# Wording of tasks: policy texts with their placeholders filled, amounts written as in the reasons of warnings. #}
{% import 'macros/reason.sql' as reason %}

{% macro money(amount, language) -%}
({{ reason.formatted(amount, 'amt', language) }})
{%- endmacro %}

{% macro fill(template, values) -%}
{%- set ns = namespace(text=template) -%}
{%- for name, value in values.items() -%}
{%- set ns.text = "replace(" ~ ns.text ~ ", '{" ~ name ~ "}', coalesce(" ~ value ~ ", '-'))" -%}
{%- endfor -%}
{{ ns.text }}
{%- endmacro %}
