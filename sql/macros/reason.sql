{# Reason sentences: policy templates with their numbers filled, in Chinese and English.
   Placeholders: {value:S} {baseline:S} {second:S} {line:S}, S of pct, num, ratio, int, days, amt; {amber} and {red}
   (in the style of the value), {second_red} (in that of the second value), {margin}, {detail}, {data_date}. #}

{# a whole number given as text, in groups of three #}
{% macro thousands(digits) -%}
{%- set padded = "lpad(" ~ digits ~ ", 15, ' ')" -%}
nullif(
        trim(
            leading ' ,' from concat_ws(
                ',',
                substr({{ padded }}, 1, 3),
                substr({{ padded }}, 4, 3),
                substr({{ padded }}, 7, 3),
                substr({{ padded }}, 10, 3),
                substr({{ padded }}, 13, 3)
            )
        ), ''
    )
{%- endmacro %}

{# a number with at most `places` decimals and no idle zeros #}
{% macro plain(number, places) -%}
trim(trailing '.' from trim(trailing '0' from cast(cast({{ number }} as decimal(18, {{ places }})) as varchar)))
{%- endmacro %}

{% macro whole(number) -%}
cast(cast({{ number }} as bigint) as varchar)
{%- endmacro %}

{% macro money_zh(amount, unit_factor, unit) -%}
{%- set text = "cast(cast(abs(" ~ amount ~ ") * " ~ unit_factor ~ " as decimal(18, 2)) as varchar)" -%}
{{ thousands("split_part(" ~ text ~ ", '.', 1)") }} || '.' || split_part({{ text }}, '.', 2) || '{{ unit }}'
{%- endmacro %}

{% macro formatted(number, style, language) -%}
{%- if style == 'pct' -%}
{{ plain(number, 1) }} || '%'
{%- elif style == 'num' -%}
{{ plain(number, 1) }}
{%- elif style == 'ratio' -%}
{{ plain(number, 2) }}
{%- elif style == 'int' -%}
{{ whole(number) }}
{%- elif style == 'days' and language == 'zh' -%}
{{ whole(number) }} || '天'
{%- elif style == 'days' -%}
{{ whole(number) }} || case when cast({{ number }} as bigint) = 1 then ' day' else ' days' end
{%- elif style == 'amt' and language == 'zh' -%}
case when $base_ccy = 'CNY' then '' else $base_ccy || ' ' end || case when {{ number }} < 0 then '-' else '' end
    || case
        when abs({{ number }}) >= 99999950 then {{ money_zh(number, '0.00000001', '亿') }}
        when abs({{ number }}) >= 10000 then {{ money_zh(number, '0.0001', '万') }}
        else {{ money_zh(number, '1.00', '') }}
    end || case when $base_ccy = 'CNY' then '元' else '' end
{%- elif style == 'amt' -%}
$base_ccy || ' ' || case when {{ number }} < 0 then '-' else '' end
    || {{ thousands("cast(cast(abs(" ~ number ~ ") as decimal(18, 0)) as varchar)") }}
{%- endif -%}
{%- endmacro %}

{# a number in the style that a column names #}
{% macro styled(number, style, language) -%}
case {{ style }}
            when 'pct' then {{ formatted(number, 'pct', language) }}
            when 'num' then {{ formatted(number, 'num', language) }}
            when 'ratio' then {{ formatted(number, 'ratio', language) }}
            when 'int' then {{ formatted(number, 'int', language) }}
            when 'count' then {{ formatted(number, 'int', language) }}
            when 'days' then {{ formatted(number, 'days', language) }}
            when 'amt' then {{ formatted(number, 'amt', language) }}
        end
{%- endmacro %}

{# the line that was crossed: 红线40%, 预警线:超过30天; red line 40%, amber line: over 30 days #}
{% macro line(language) -%}
{%- set zh = language == 'zh' -%}
case
            when severity = 'red' then '{{ '红线' if zh else 'red line' }}'
            else '{{ '预警线' if zh else 'amber line' }}'
        end
        || case direction || ' ' || case when severity = 'red' then red_when else amber_when end
            when 'high passed' then '{{ ':超过' if zh else ': over ' }}'
            when 'low passed' then '{{ ':低于' if zh else ': under ' }}'
            else '{{ '' if zh else ' ' }}'
        end
        || {{ styled('threshold', 'line_style', language) }}
{%- endmacro %}

{# the style that a template gives a name, as in {value:pct} #}
{% macro style_of(template, name) -%}
regexp_extract({{ template }}, '\{{ '{' }}{{ name }}:([a-z]+)', 1)
{%- endmacro %}

{# a template whose styles are taken out, with its slots filled #}
{% macro filled(template, language) -%}
{%- set dash = "—" if language == 'zh' else "-" -%}
{%- set sql = namespace(text=template) -%}
{%- for name, words in [
    ('value', styled('value', 'value_style', language)),
    ('baseline', styled('baseline', 'baseline_style', language)),
    ('second', styled('second_value', 'second_style', language)),
    ('line', line(language)),
    ('amber', styled('amber_value', 'value_style', language)),
    ('red', styled('red_value', 'value_style', language)),
    ('second_red', styled('second_red', 'second_style', language)),
    ('margin', formatted('clear_margin', 'num', language)),
    ('detail', 'detail'),
    ('data_date', 'cast(data_date as varchar)'),
] -%}
{%- set sql.text = "replace(" ~ sql.text ~ ", '{" ~ name ~ "}', coalesce(" ~ words ~ ", '" ~ dash ~ "'))" -%}
{%- endfor -%}
{{ sql.text }}
{%- endmacro %}
