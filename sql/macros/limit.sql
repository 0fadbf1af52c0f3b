{# Whether a figure lies to its limit as policy's `rule.bound` says (null: not known), so that a page's words and the
   verdict are one rule: the same for limits asked before any repayment table and after it. #}
{% macro is_met(value, limit) -%}
case rule.bound
            when 'most' then {{ value }} <= {{ limit }}
            when 'least' then {{ value }} >= {{ limit }}
            when 'above' then {{ value }} > {{ limit }}
            when 'known' then case when {{ value }} is not null then true end
        end
{%- endmacro %}
