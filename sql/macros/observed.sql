{# What people observed, as an indicator: policy says which codes are one. After `rule` its file has
   {{ observed.measured() }}. Several observations of a client are one signal, told by the gravest and newest; `value`
   counts the codes that stand. #}
{% macro measured() -%}
client as (
    select client_id from staging.client
    where is_active
),

observation_table as (
    select count(*) as is_supplied
    from night.supplied
    where table_name = 'observation' and is_supplied
),

observation as (
    select observation.*
    from features.observation as observation
    inner join rule on observation.indicator = rule.indicator
),

-- who was observed once stays assessed: what has run out is over, and not "does not apply"
subject as (
    select client_id from observation
    union
    select client.client_id
    from client
    cross join observation_table
    where observation_table.is_supplied = 0
),

gravest_first as (
    select
        *,
        row_number() over (
            partition by client_id
            order by
                case counted_severity when 'red' then 0 else 1 end asc,
                case severity when 'red' then 0 else 1 end asc,
                observed_on desc,
                observation_id asc
        ) as place
    from observation
    where is_standing
),

counted as (
    select
        client_id,
        count(distinct code) as codes
    from observation
    where is_standing
    group by client_id
),

measured as (
    select
        subject.client_id,
        cast(null as varchar) as loan_id,
        told.project_id,
        observation_table.is_supplied > 0 as is_assessed,
        case when observation_table.is_supplied > 0 then coalesce(counted.codes, 0) end as value,
        cast(null as decimal(18, 4)) as baseline,
        date_diff('day', $business_date, told.stands_until) as second_value,
        coalesce(told.observed_on, $business_date) as data_date,
        'observation:' || told.observation_id as source_keys,
        coalesce(told.counted_severity = 'red', false) as is_grave,
        told.severity <> told.counted_severity as is_unchecked,
        'observation_code:' || told.code as label
    from subject
    cross join observation_table
    left join counted on subject.client_id = counted.client_id
    left join gravest_first as told on subject.client_id = told.client_id and told.place = 1
)
{%- endmacro %}
