-- one row per client and applicable indicator, data quality and contagion apart: what it measured, and what is missing
{% import 'macros/reading.sql' as readings %}
{% set own = [] -%}
{% for name in indicators if not name.startswith('q') and name not in contagions -%}
{% set _ = own.append(name) -%}
{% endfor -%}
with
{{ readings.of(own, 'not true') }}

select * from reading
