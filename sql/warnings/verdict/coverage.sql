-- one row per client with an applicable indicator: how many are assessed or withheld, which not, what is not supplied
-- What the bank does not supply at all leaves the count, and is told by its table or column and not by indicator.
with
reading as (
    select
        client_id,
        indicator,
        is_assessed,
        is_counted,
        is_withheld,
        missing
    from warnings_verdict.reading
    union all
    select
        client_id,
        indicator,
        is_assessed,
        is_counted,
        is_withheld,
        missing
    from warnings_verdict.contagion
),

missing_table as (
    select distinct
        client_id,
        unnest(string_split(missing, ',')) as token
    from reading
    where missing is not null
    union
    select
        client_id,
        token
    from warnings_verdict.unconverted
),

not_supplied as (
    select
        client_id,
        string_agg(token, ',' order by token) as not_supplied
    from missing_table
    group by client_id
),

counted as (
    select
        client_id,
        sum(case when is_counted then 1 else 0 end) as applicable_count,
        sum(case when is_counted and is_assessed then 1 else 0 end) as assessed_count,
        sum(case when is_withheld then 1 else 0 end) as withheld_count
    from reading
    group by client_id
),

unknown as (
    select
        client_id,
        string_agg(indicator, ',' order by indicator) as not_assessed
    from reading
    where is_counted and not is_assessed
    group by client_id
),

coverage as (
    select
        counted.client_id,
        cast(counted.applicable_count as integer) as applicable_count,
        cast(counted.assessed_count as integer) as assessed_count,
        coalesce(
            cast(counted.assessed_count / nullif(counted.applicable_count, 0) as decimal(6, 4)), 0
        ) as coverage,
        cast(counted.withheld_count as integer) as withheld_count,
        unknown.not_assessed,
        not_supplied.not_supplied
    from counted
    left join unknown on counted.client_id = unknown.client_id
    left join not_supplied on counted.client_id = not_supplied.client_id
)

select * from coverage
