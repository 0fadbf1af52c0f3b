-- one row per client and payer of the last 455 days: what it brings in, how often, and when last
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
{% for name, first, last in party.measures %}
    coalesce(sum(case when {{ inside(first, last, '$business_date') }} then amount_base end), 0)
        as inflow_{{ name }}_amt,
    sum(case when {{ inside(first, last, '$business_date') }} then 1 else 0 end) as inflow_{{ name }}_count,
{% endfor %}
    max(booked_on) as last_inflow_on
from {{ relation }}
group by client_id, party_key
{% endmacro %}
with
{% if is_rolled %}
change as (
    select * from features_rolling.flow_change
    where is_operating_flow and direction = 'C' and party_key is not null and booked_on >= $parent_date - 454
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
        change.sign * change.amount_base as amount_base
    from change
    left join reread on change.client_id = reread.client_id
    where reread.client_id is null and change.part <> 'reread'
),

moved as (
    select
        client_id,
        party_key,
{% for name, first, last in party.measures %}
        {% for what, value in [('amt', 'amount_base'), ('count', 'sign')] %}
        coalesce(sum(
            case
                when
                    is_edge
                    and {{ inside(first, last, '$business_date') }}
                    and not {{ inside(first, last, '$parent_date') }}
                    then {{ value }}
                when not is_edge and {{ inside(first, last, '$parent_date') }} then {{ value }}
            end
        ), 0) - coalesce(sum(
            case
                when
                    is_edge
                    and {{ inside(first, last, '$parent_date') }}
                    and not {{ inside(first, last, '$business_date') }}
                    then {{ value }}
            end
        ), 0) as inflow_{{ name }}_{{ what }},
        {% endfor %}
{% endfor %}
        max(booked_on) as last_inflow_on
    from signed
    group by client_id, party_key
),

held as (
    select held.*
    from previous.client_payer as held
    left join reread on held.client_id = reread.client_id
    where reread.client_id is null
),

both_sides as (
    select
        coalesce(held.client_id, moved.client_id) as client_id,
        coalesce(held.party_key, moved.party_key) as party_key,
{% for name, first, last in party.measures %}
        coalesce(held.inflow_{{ name }}_amt, 0) + coalesce(moved.inflow_{{ name }}_amt, 0) as inflow_{{ name }}_amt,
        coalesce(held.inflow_{{ name }}_count, 0) + coalesce(moved.inflow_{{ name }}_count, 0)
            as inflow_{{ name }}_count,
{% endfor %}
        greatest(
            coalesce(held.last_inflow_on, moved.last_inflow_on), coalesce(moved.last_inflow_on, held.last_inflow_on)
        ) as last_inflow_on
    from held
    full outer join moved on held.client_id = moved.client_id and held.party_key = moved.party_key
    union all
    select
        client_id,
        party_key,
{% for name, first, last in party.measures %}
        inflow_{{ name }}_amt,
        inflow_{{ name }}_count,
{% endfor %}
        last_inflow_on
    from summed
),
{% else %}
reach as (
    select cast(value as integer) as reversal_days from policy.flow_setting
    where setting = 'reversal_days'
),

credit as (
    select * from source.txn
    where direction = 'C' and booked_on >= $business_date - 454
),

reversal as (
    select * from source.txn
    where reverses_txn_id is not null
),

reversal_now as (
    {{ flow.reversals('reversal', 'credit') }}
),

flow as (
    {{ flow.flows('credit', 'reversal_now') }}
),

inflow as (
    select * from flow
    where is_operating_flow and party_key is not null
),

both_sides as (
    {{ whole('inflow') }}
),
{% endif %}

payer as (
    select * from both_sides
    where inflow_365d_count <> 0 or inflow_prior_365d_count <> 0
)

select * from payer
