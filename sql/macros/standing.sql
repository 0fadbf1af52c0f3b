{# Of what stood before tonight, by its joined `reading` and `withheld` row: it neither fires nor can be said to be
   gone. Of what the checks hold back nothing is known, whatever the client's other loans and projects say;
   anything else ends when the window of what it fired on has passed. #}
{% macro is_suspended() -%}
reading.severity is null
        and (withheld.client_id is not null or (not reading.is_assessed and not standing.is_outdated))
{%- endmacro %}
