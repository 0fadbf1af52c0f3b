{# Tonnes by million of what they are held against, to four places. A slip of either makes it of any size: beyond a
   million million it says no more, and no two engines have the same digits of it, so it stands at that. #}
{% macro by_million(tonnes, basis) -%}
case
    when {{ basis }} > 0 and ({{ tonnes }}) * 0.000001 > {{ basis }} then cast(1000000000000 as decimal(38, 4))
    else cast(({{ tonnes }}) * 1000000 / nullif({{ basis }}, 0) as decimal(38, 4))
end
{%- endmacro %}
