{# The windows of what a payer brings in, a year and the year before the last 90 days: first and last day before D. #}
{% set edges = [(364, 0), (454, 90)] %}
{% set measures = [('365d', 364, 0), ('prior_365d', 454, 90)] %}
{# A counterparty without an id is known by its name: full width as half width, capitals as they are in small, without
   blanks, signs, and the words that say what kind of company it is. #}
{% macro plain_name(name) -%}
nullif(
        regexp_replace(
            regexp_replace(
                lower(translate({{ name }}, '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ（），．＆　', '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz(),.& ')),
                '[ ,.&()·-]', '', 'g'
            ),
            '(股份有限公司|有限责任公司|有限公司|coltd|limited|ltd|inc|llc|gmbh|plc)$', ''
        ),
        ''
    )
{%- endmacro %}
