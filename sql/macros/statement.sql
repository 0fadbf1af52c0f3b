{# What indicators of a company's accounts share. #}

{# The step `amount`: what a base has to reach for a quotient of it to be judged. #}
{% macro least_amount(code) -%}
-- one row, also where policy sets no amount
amount as (
    select coalesce(max(amber_amt), 0) as least_amt
    from policy.indicator_amount
    where indicator = '{{ code }}'
),
{%- endmacro %}

{# Why no figure of accounts could be judged, of a step that has `is_known` beside the columns of `position`. #}
{% macro unread() -%}
case
            when period_end is null then 'no_statement'
            when not is_current then 'stale_statement'
            when not coalesce(is_known, false) then 'kind_not_known'
            else 'figure_lacking'
        end as unread_as
{%- endmacro %}

{# The step `measured` of `figured`, which says `is_known`, `is_small` and the `figure`: of something small there is no
   ratio. `base` and `part` are what the figure is made of. #}
{% macro measured(base, part, keys='source_keys') -%}
measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        is_known and (is_small or figure is not null) as is_assessed,
        case when is_known and not is_small then figure end as value,
        {{ base }} as baseline,
        {{ part }} as second_value,
        period_end as data_date,
        {{ keys }}{{ '' if keys == 'source_keys' else ' as source_keys' }},
        {{ unread() }}
    from figured
),
{%- endmacro %}

{# The steps up to `measured` of a quotient of two latest figures, `quotient` in terms of `position`; where `base` is
   below policy's amount it is not judged. Expects `rule`. #}
{% macro ratio(code, quotient, part, base) -%}
{{ least_amount(code) }}

position as (
    select * from features_statement.position
    where not is_building
),

figured as (
    select
        position.*,
        position.is_current and position.is_kind_known and position.is_stage_known as is_known,
        coalesce(position.{{ base }} < amount.least_amt, false) as is_small,
        cast({{ quotient }} as decimal(18, 6)) as figure
    from position
    cross join amount
),

{{ measured(base, part) }}
{%- endmacro %}

{# The steps up to `measured` of periods in a row in which a figure was below zero, two at most. Expects `rule`. #}
{% macro below_zero(figure) -%}
position as (
    select * from features_statement.position
    where not is_building
),

figured as (
    select
        *,
        is_current and is_kind_known and is_stage_known as is_known,
        case
            when {{ figure }}_period >= 0 then 0
            when {{ figure }}_period < 0 and before_{{ figure }}_period < 0 then 2
            when {{ figure }}_period < 0 then 1
        end as figure
    from position
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        is_known and figure is not null as is_assessed,
        case when is_known then figure end as value,
        before_{{ figure }}_period as baseline,
        {{ figure }}_period as second_value,
        period_end as data_date,
        before_keys as source_keys,
        {{ unread() }}
    from figured
),
{%- endmacro %}
