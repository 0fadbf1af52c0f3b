{# The windows of what goes between a client and a party, first and last day before D: a year, the year before the last
   90 days, and those. `edges` are the days at which a measure's window begins or ends. #}
{% set edges = [(364, 0), (454, 90)] %}
{% set measures = [
    ('inflow_365d', 364, 0, 'is_inflow'),
    ('inflow_prior_365d', 454, 90, 'is_inflow'),
    ('paid_365d', 364, 0, 'is_purchase'),
    ('outflow_90d', 89, 0, 'is_outflow'),
] %}
{# What of a flow between client and party counts: what it brings in; what is bought of it, wages, taxes, utilities,
   cash and the bank's own fees apart; and all that the client had paid to it, also its own money. #}
{% macro natures(flow) -%}
{{ flow }}.is_operating_flow and {{ flow }}.direction = 'C' as is_inflow,
        {{ flow }}.is_operating_flow
        and {{ flow }}.is_client_initiated
        and {{ flow }}.direction = 'D'
        and {{ flow }}.purpose_as is null as is_purchase,
        {{ flow }}.is_standing and {{ flow }}.is_client_initiated and {{ flow }}.direction = 'D' as is_outflow
{%- endmacro %}
{# Full width as half width, capitals as they are in small. #}
{% macro half_width(name) -%}
lower(translate({{ name }}, '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ（），．＆　', '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz(),.& '))
{%- endmacro %}
{# A counterparty without an id is known by its name: full width as half width, capitals as they are in small, without
   blanks, signs, and the words at its end that say what kind of company it is: those that policy (party_word) strips
   from a name. They stand here because a pattern that is read from a row is compiled for each of many million. #}
{% macro plain_name(name) -%}
nullif(
        regexp_replace(
            replace(
                regexp_replace(
                    {{ spaced_name(name) }},
                    '( (company limited|corporation|co limited|limited|co ltd|corp|gmbh|inc|llc|ltd|plc))+$', ''
                ),
                ' ', ''
            ),
            '(股份有限公司|有限责任公司|有限公司|股份公司|公司|股份)+$', ''
        ),
        ''
    )
{%- endmacro %}
{# The same with one blank for any blanks and signs: the words of a name stay apart. #}
{% macro spaced_name(name) -%}
trim(regexp_replace({{ half_width(name) }}, '[ ,.&()·-]+', ' ', 'g'))
{%- endmacro %}
{# Whether the other side of a payment is a person, or may be one: of neither is a name told. A client of the bank is
   what the bank says of it. #}
{% macro is_masked(kind, client_id, is_natural_person) -%}
coalesce({{ kind }}, case when {{ client_id }} is not null then 'company' else 'person' end) = 'person'
        or coalesce({{ is_natural_person }}, false)
{%- endmacro %}
{# The key of a masked one where it is a client's id or a number, and else null: it is made of a name. #}
{% macro told_key(party_id, client_id, is_masked) -%}
case
            when not {{ is_masked }} or {{ party_id }} = {{ client_id }} then {{ party_id }}
            when {{ party_id }} not like 'name:%' and regexp_matches({{ party_id }}, '[0-9]') then {{ party_id }}
        end
{%- endmacro %}
{# Why a signal does not name a payer: it is another branch's client, or a person without a number, or may be one. #}
{% set unnamed %}
case
        when measured.is_elsewhere then 'elsewhere'
        when measured.is_found and measured.payer_name is null then 'person'
    end
{%- endset %}
