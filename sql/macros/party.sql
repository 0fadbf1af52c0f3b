{# The windows of what a payer brings in, a year and the year before the last 90 days: first and last day before D. #}
{% set edges = [(364, 0), (454, 90)] %}
{% set measures = [('365d', 364, 0), ('prior_365d', 454, 90)] %}
{# Full width as half width, capitals as they are in small. #}
{% macro half_width(name) -%}
lower(translate({{ name }}, '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ（），．＆　', '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz(),.& '))
{%- endmacro %}
{# A counterparty without an id is known by its name: full width as half width, capitals as they are in small, without
   blanks, signs, and the words that say what kind of company it is. #}
{% macro plain_name(name) -%}
nullif(
        regexp_replace(
            regexp_replace(
                {{ half_width(name) }},
                '[ ,.&()·-]', '', 'g'
            ),
            '(股份有限公司|有限责任公司|有限公司|coltd|limited|ltd|inc|llc|gmbh|plc)$', ''
        ),
        ''
    )
{%- endmacro %}
{# The same with one blank for any blanks and signs: the words of a name stay apart. #}
{% macro spaced_name(name) -%}
trim(regexp_replace({{ half_width(name) }}, '[ ,.&()·-]+', ' ', 'g'))
{%- endmacro %}
{# A spaced name without the words at its end that `pattern` (a column) names; all of it where nothing else is left. #}
{% macro bare_name(name, pattern) -%}
coalesce(
            nullif(replace(regexp_replace({{ name }}, {{ pattern }}, ''), ' ', ''), ''),
            nullif(replace({{ name }}, ' ', ''), '')
        )
{%- endmacro %}
