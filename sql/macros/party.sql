{# The windows of what goes between a client and a party, first and last day before D: a year, the year before the last
   90 days, and those. `edges` are the days at which a measure's window begins or ends. #}
{% set edges = [(364, 0), (454, 90)] %}
{% set measures = [
    ('inflow_365d', 364, 0, 'is_inflow'),
    ('inflow_prior_365d', 454, 90, 'is_inflow'),
    ('paid_365d', 364, 0, 'is_purchase'),
    ('outflow_90d', 89, 0, 'is_outflow'),
] %}
{# The last days that are kept of a client's party, and of which flows: of any; and on which one called it a person,
   called it something else or wrote a legal form behind its name, and had nothing but a name for it. `reach` is the
   oldest day before D that one may be: no older than the flows for which a row is kept, so that a row which goes and
   comes back says what one that is read anew does. #}
{% set days = [
    ('last_inflow_on', 454, 'is_inflow'),
    ('last_paid_on', 364, 'is_purchase'),
    ('person_on', 454, "is_inflow and party_kind = 'person'"),
    ('company_on', 454, "is_inflow and party_kind <> 'person'"),
    ('by_name_on', 454, 'is_inflow and is_by_name'),
    ('paid_by_name_on', 364, 'is_purchase and is_by_name'),
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
{# Whether a name has a legal form, which is left out of the plain one: a company's has. #}
{% macro has_legal_form(name) -%}
{{ plain_name(name) }} <> replace({{ spaced_name(name) }}, ' ', '')
{%- endmacro %}
{# What the other side of a client's payments is, of `flow` (features.client_party) and of what payments of all clients
   said of late (features.party, null where it knows nothing): a person where any payment calls it one. #}
{% macro kind_of(flow, kind) -%}
case
            when {{ flow }}.person_on is not null then 'person'
            else coalesce({{ kind }}, case when {{ flow }}.company_on is not null then 'company' end)
        end
{%- endmacro %}
{# The key of a client_party as an id of a node: one that is made of a name says so. #}
{% macro node_of(flow, by_name_on='by_name_on') -%}
case when {{ flow }}.{{ by_name_on }} is not null then 'name:' || {{ flow }}.party_key else {{ flow }}.party_key end
{%- endmacro %}
{# Whether the other side of a payment is a person, or may be one: of neither is a name told. A client of the bank is
   what the bank says of it. #}
{% macro is_masked(kind, client_id, is_natural_person) -%}
coalesce({{ kind }}, case when {{ client_id }} is not null then 'company' else 'person' end) = 'person'
        or coalesce({{ is_natural_person }}, false)
{%- endmacro %}
{# The key of a masked one where it is a client's id or a number, and else null: it is made of a name. `node_id` says
   which, where the key itself does not: a name may have digits too. #}
{% macro told_key(party_id, client_id, is_masked, node_id=none) -%}
case
            when not {{ is_masked }} or {{ party_id }} = {{ client_id }} then {{ party_id }}
            when
                {{ node_id or party_id }} not like 'name:%'
                and regexp_matches({{ node_id or party_id }}, '[0-9]')
                then {{ party_id }}
        end
{%- endmacro %}
{# Why a signal does not name a payer: it is another branch's client, or a person without a number, or may be one. #}
{% set unnamed %}
case
        when measured.is_elsewhere then 'elsewhere'
        when measured.is_found and measured.payer_name is null then 'person'
    end
{%- endset %}
