{# What some indicators measured, and whether what they need is supplied: the steps up to `reading`. Those that look at
   a client itself and those of contagion are read apart, for the colour of the first comes before the second. #}
{% macro of(names, is_contagion) -%}
-- what is a must stays in the denominator with what it lacks; what is one for coverage alone not where a column lacks
missing as (
    select
        missing.rule as indicator,
        string_agg(case when not missing.is_partial then missing.token end, ',' order by missing.token) as missing,
        string_agg(missing.token, ',' order by missing.token) as missing_or_partial,
        max(
            case
                when missing.is_partial or rule.must_for = 'green' then 0
                when rule.must_for = 'coverage' and missing.token not like '%.%' then 0
                else 1
            end
        ) as is_excused
    from warnings_verdict.missing as missing
    inner join policy.indicator as rule on missing.rule = rule.indicator
    group by missing.rule
),

departed as (
    select * from warnings_verdict.departed
),

client as (
    select * from staging.client
),

withheld as (
    select * from warnings_verdict.withheld
),

-- clients of whom a whole row of a table is withheld that an indicator declares a need of
needed_row as (
    select distinct
        held.client_id,
        need.rule as indicator
    from night.withheld as held
    inner join client on held.client_id = client.client_id
    inner join warnings_verdict.need as need on held.table_name = split_part(need.token, '.', 1)
    inner join policy.indicator as rule
        on need.rule = rule.indicator and rule.group_code <> 'Q' and rule.is_contagion is {{ is_contagion }}
    where held.column_name is null
),

measured as (
    {% for name in names -%}
{% if not loop.first -%}
    union all
    {% endif -%}
    select
        client_id,
        loan_id,
        project_id,
        indicator,
        is_assessed,
        is_unseen,
        value,
        baseline,
        second_value,
        severity,
        band,
        is_hard,
        threshold,
        amber_line,
        data_date,
        source_keys,
        event_key,
        event_on,
        min_colour,
        detail,
        reason_case,
        quiet_case
    from warnings_indicator.{{ name }}
{% endfor %}
),

-- with its only row withheld an indicator measures nothing: that is not assessed, and not "does not apply"
considered as (
    select * from measured
    union all
    select
        needed_row.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        needed_row.indicator,
        false as is_assessed,
        false as is_unseen,
        cast(null as decimal(18, 4)) as value,
        cast(null as decimal(18, 4)) as baseline,
        cast(null as decimal(18, 4)) as second_value,
        cast(null as varchar) as severity,
        cast(null as varchar) as band,
        cast(null as boolean) as is_hard,
        cast(null as decimal(18, 4)) as threshold,
        cast(null as decimal(18, 4)) as amber_line,
        cast(null as date) as data_date,
        cast(null as varchar) as source_keys,
        cast(null as varchar) as event_key,
        cast(null as date) as event_on,
        cast(null as varchar) as min_colour,
        cast(null as varchar) as detail,
        cast(null as varchar) as reason_case,
        cast(null as varchar) as quiet_case
    from needed_row
    left join measured on needed_row.client_id = measured.client_id and needed_row.indicator = measured.indicator
    where measured.client_id is null
),

reading as (
    select
        measured.client_id,
        measured.loan_id,
        measured.project_id,
        measured.indicator,
        measured.severity is not null
        or (measured.is_assessed and missing.missing is null and withheld.rule is null) as is_assessed,
        -- what was supplied and is withheld is no excuse; what only other banks know is one
        measured.severity is not null
        or withheld.rule is not null
        or (coalesce(missing.is_excused, 0) = 0 and not coalesce(measured.is_unseen, false)) as is_counted,
        measured.severity is null and withheld.rule is not null as is_withheld,
        case
            when measured.is_assessed or measured.severity is not null then missing.missing
            else missing.missing_or_partial
        end as missing,
        measured.value,
        measured.baseline,
        measured.second_value,
        measured.severity,
        measured.band,
        measured.is_hard,
        measured.threshold,
        measured.amber_line,
        measured.data_date,
        measured.source_keys,
        measured.event_key,
        measured.event_on,
        measured.min_colour,
        measured.detail,
        measured.reason_case,
        measured.quiet_case
    from considered as measured
    left join missing on measured.indicator = missing.indicator
    left join withheld on measured.client_id = withheld.client_id and measured.indicator = withheld.rule
    left join departed on measured.client_id = departed.client_id
    where departed.client_id is null
)
{%- endmacro %}
