{# Of whom a kind of outside event is asked: the steps up to `subject` and `event`, the newest report of each event that
   is not over. Persons are asked only of what befalls persons too. #}
{% macro subject(kinds, with_persons=false) -%}
event_table as (
    select count(*) > 0 as is_supplied
    from night.supplied
    where table_name = 'external_event' and is_supplied
),

event as (
    select * from features_outside.event
    where kind in ('{{ kinds | join("', '") }}') and not is_over
),

subject as (
    select client_id
    from features_outside.subject
    {% if not with_persons -%}
    where is_company
    {% endif -%}
    union
    select client_id
    from event
)
{%- endmacro %}
