{# An amount in base currency. What is in base currency already is not multiplied: rounding the wide product is what
   takes time, and of most rows the rate is one. #}
{% macro in_base(amount, rate) -%}
case
            when {{ rate }} = 1 then cast({{ amount }} as decimal(18, 2))
            else cast({{ amount }} * {{ rate }} as decimal(18, 2))
        end
{%- endmacro %}
{# No less than nothing; what is not known stays so. #}
{% macro no_less_than_nought(amount) -%}
case when {{ amount }} < 0 then 0 else {{ amount }} end
{%- endmacro %}
