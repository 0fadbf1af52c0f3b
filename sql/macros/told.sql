{# What tells two signals of a client apart as lines: the event that both tell, the fact that policy says both measure
   (told_together: of a client, a loan, or the same rows), else the indicator itself. How signals count for a colour is
   another matter (`event_key`, macros/counted.sql). `together` is the signal's row of told_together, or none. #}
{% macro line_key(signal, together) -%}
coalesce(
    {{ signal }}.event_key,
    {{ together }}.fact || ':' || case {{ together }}.per
        when 'loan' then coalesce({{ signal }}.loan_id, '')
        when 'source' then coalesce({{ signal }}.source_keys, '')
        else ''
    end,
    'indicator:' || {{ signal }}.indicator
)
{%- endmacro %}
