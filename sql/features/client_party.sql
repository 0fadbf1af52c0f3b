-- one row per client and party that pays it or is paid, of the last 455 days: what, how often, when last, and as whom
-- the linter would have what stands in a template's loop or condition less deep than its select
-- noqa: disable=LT02
{% import 'macros/flow.sql' as flow %}
{% import 'macros/party.sql' as party %}
{% macro inside(first, last, night) -%}
date_diff('day', booked_on, {{ night }}) between {{ last }} and {{ first }}
{%- endmacro %}
{% macro whole(relation) %}
select
    client_id,
    party_key,
{% for name, first, last, nature in party.measures %}
    coalesce(sum(case when {{ nature }} and {{ inside(first, last, '$business_date') }} then amount_base end), 0)
        as {{ name }}_amt,
    sum(case when {{ nature }} and {{ inside(first, last, '$business_date') }} then 1 else 0 end) as {{ name }}_count,
{% endfor %}
{% for day, reach, nature in party.days %}
    max(case when {{ nature }} then booked_on end) as {{ day }}{{ '' if loop.last else ',' }}
{% endfor %}
from {{ relation }}
group by client_id, party_key
{% endmacro %}
with
{% if is_rolled %}
change as (
    select
        part,
        sign,
        client_id,
        party_key,
        booked_on,
        amount_base,
        is_by_name,
        party_kind,
        {{ party.natures('flow_change') }}
    from features_rolling.flow_change as flow_change
    where
        (is_operating_flow or (is_standing and direction = 'D'))
        and party_key is not null
        and booked_on >= $parent_date - 454
),

resorted as (
    select distinct client_id
    from features_rolling.resorted_client
),

-- clients of whom tonight has read all there is
reread as (
    select distinct client_id
    from features_rolling.flow_change
    where part = 'reread'
    union
    select client_id from resorted
),

anew as (
    select change.*
    from change
    left join resorted on change.client_id = resorted.client_id
    where
        change.booked_on >= $business_date - 454
        and (change.part = 'reread' or (change.part = 'changed' and resorted.client_id is not null))
),

summed as (
    {{ whole('anew') }}
),

-- of the others: what came to light of days that a window held, what entered it since, and what left
signed as (
    select
        change.client_id,
        change.party_key,
        change.booked_on,
        change.part = 'edge' as is_edge,
        change.sign,
        change.is_inflow,
        change.is_purchase,
        change.is_outflow,
        change.is_by_name,
        change.party_kind,
        change.sign * change.amount_base as amount_base
    from change
    left join reread on change.client_id = reread.client_id
    where reread.client_id is null and change.part <> 'reread'
),

moved as (
    select
        client_id,
        party_key,
{% for name, first, last, nature in party.measures %}
        {% for what, value in [('amt', 'amount_base'), ('count', 'sign')] %}
        coalesce(sum(
            case
                when
                    {{ nature }}
                    and is_edge
                    and {{ inside(first, last, '$business_date') }}
                    and not {{ inside(first, last, '$parent_date') }}
                    then {{ value }}
                when {{ nature }} and not is_edge and {{ inside(first, last, '$parent_date') }} then {{ value }}
            end
        ), 0) - coalesce(sum(
            case
                when
                    {{ nature }}
                    and is_edge
                    and {{ inside(first, last, '$parent_date') }}
                    and not {{ inside(first, last, '$business_date') }}
                    then {{ value }}
            end
        ), 0) as {{ name }}_{{ what }},
        {% endfor %}
{% endfor %}
{% for day, reach, nature in party.days %}
        max(case when {{ nature }} then booked_on end) as {{ day }}{{ '' if loop.last else ',' }}
{% endfor %}
    from signed
    group by client_id, party_key
),

held as (
    select held.*
    from previous.client_party as held
    left join reread on held.client_id = reread.client_id
    where reread.client_id is null
),

both_sides as (
    select
        coalesce(held.client_id, moved.client_id) as client_id,
        coalesce(held.party_key, moved.party_key) as party_key,
{% for name, first, last, nature in party.measures %}
        coalesce(held.{{ name }}_amt, 0) + coalesce(moved.{{ name }}_amt, 0) as {{ name }}_amt,
        coalesce(held.{{ name }}_count, 0) + coalesce(moved.{{ name }}_count, 0) as {{ name }}_count,
{% endfor %}
{% for day, reach, nature in party.days %}
        greatest(
            coalesce(held.{{ day }}, moved.{{ day }}), coalesce(moved.{{ day }}, held.{{ day }})
        ) as {{ day }}{{ '' if loop.last else ',' }}
{% endfor %}
    from held
    full outer join moved on held.client_id = moved.client_id and held.party_key = moved.party_key
    union all
    select
        client_id,
        party_key,
{% for name, first, last, nature in party.measures %}
        {{ name }}_amt,
        {{ name }}_count,
{% endfor %}
        {{ party.days | map('first') | join(', ') }}
    from summed
),
{% else %}
reach as (
    select cast(value as integer) as reversal_days from policy.flow_setting
    where setting = 'reversal_days'
),

recent as (
    select * from source.txn
    where booked_on >= $business_date - 454
),

reversal as (
    select * from source.txn
    where reverses_txn_id is not null
),

reversal_now as (
    {{ flow.reversals('reversal', 'recent') }}
),

flow as (
    {{ flow.flows('recent', 'reversal_now') }}
),

named as (
    select
        client_id,
        party_key,
        booked_on,
        amount_base,
        is_by_name,
        party_kind,
        {{ party.natures('flow') }}
    from flow
    where (is_operating_flow or (is_standing and direction = 'D')) and party_key is not null
),

both_sides as (
    {{ whole('named') }}
),
{% endif %}

-- what the windows hold nothing of is no longer known, whoever still has a row for the other direction
counterparty as (
    select
        client_id,
        party_key,
{% for name, first, last, nature in party.measures %}
        {{ name }}_amt,
        {{ name }}_count,
{% endfor %}
{% for day, reach, nature in party.days %}
        case when {{ day }} >= $business_date - {{ reach }} then {{ day }} end
            as {{ day }}{{ '' if loop.last else ',' }}
{% endfor %}
    from both_sides
    where
        inflow_365d_count <> 0
        or inflow_prior_365d_count <> 0
        or paid_365d_count <> 0
        or outflow_90d_count <> 0
)

select * from counterparty
