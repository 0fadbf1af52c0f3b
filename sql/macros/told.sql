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

{# The steps up to `beside`: of each signal that a branch may read and that counts for a colour, the others that its
   line stands for, by code. #}
{% macro beside() -%}
keyed as (
    select
        signal.client_id,
        signal.indicator,
        {{ line_key('signal', 'told_together') | indent(8) }} as line_key
    from warnings.signal as signal
    inner join policy.indicator as indicator on signal.indicator = indicator.indicator
    left join policy.told_together as told_together on signal.indicator = told_together.indicator
    where signal.audience = 'branch' and indicator.counts_for_colour
),

beside as (
    select
        keyed.client_id,
        keyed.indicator,
        string_agg(other.indicator, ',' order by other.indicator) as told_with
    from keyed
    inner join keyed as other
        on
            keyed.client_id = other.client_id
            and keyed.line_key = other.line_key
            and keyed.indicator <> other.indicator
    group by keyed.client_id, keyed.indicator
)
{%- endmacro %}
