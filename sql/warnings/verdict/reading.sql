-- one row per client and applicable indicator, data quality apart: what it measured, and whether it is supplied
with
need as (
    select
        indicator,
        group_code,
        unnest(string_split(requires_table, ';')) as token
    from policy.indicator
    where requires_table is not null
),

supplied as (
    select table_name as token
    from night.supplied
    where is_supplied
    union all
    select table_name || '.' || column_name as token
    from night.supplied_column
),

missing as (
    select
        need.indicator,
        string_agg(need.token, ',' order by need.token) as missing,
        -- repayment and transactions are a must: a table of theirs that is missing stays in the denominator
        max(case when need.group_code not in ('P', 'T') or need.token like '%.%' then 1 else 0 end) as is_excused
    from need
    left join supplied on need.token = supplied.token
    where supplied.token is null
    group by need.indicator
),

departed as (
    select * from verdict.departed
),

measured as (
    {% for name in indicators if not name.startswith('q') -%}
    {% if not loop.first -%}
    union all
    {% endif -%}
    select
        client_id,
        loan_id,
        project_id,
        indicator,
        is_assessed,
        value,
        baseline,
        second_value,
        severity,
        is_hard,
        threshold,
        data_date,
        source_keys,
        event_key,
        min_colour,
        detail,
        reason_case
    from indicator.{{ name }}
    {% endfor %}
),

reading as (
    select
        measured.client_id,
        measured.loan_id,
        measured.project_id,
        measured.indicator,
        measured.severity is not null
        or (measured.is_assessed and missing.indicator is null) as is_assessed,
        measured.severity is not null or coalesce(missing.is_excused, 0) = 0 as is_counted,
        missing.missing,
        measured.value,
        measured.baseline,
        measured.second_value,
        measured.severity,
        measured.is_hard,
        measured.threshold,
        measured.data_date,
        measured.source_keys,
        measured.event_key,
        measured.min_colour,
        measured.detail,
        measured.reason_case
    from measured
    left join missing on measured.indicator = missing.indicator
    left join departed on measured.client_id = departed.client_id
    where departed.client_id is null
)

select * from reading
