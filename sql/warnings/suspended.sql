-- one row per signal that stood and tonight cannot be assessed: neither firing nor cleared, its place is kept for it
{% import 'macros/standing.sql' as stood %}
with
standing as (
    select * from warnings_verdict.standing
),

client as (
    select * from staging.client
),

reading as (
    select
        client_id,
        indicator,
        is_assessed,
        severity
    from warnings_verdict.reading
    union all
    select
        client_id,
        indicator,
        is_assessed,
        severity
    from warnings_verdict.contagion
    union all
    select
        client_id,
        indicator,
        is_assessed,
        severity
    from warnings_verdict.quality
),

withheld as (
    select * from warnings_verdict.withheld
),

suspended as (
    select
        $business_date as business_date,
        standing.client_id,
        coalesce(client.branch_id, standing.branch_id) as branch_id,
        standing.loan_id,
        standing.project_id,
        standing.indicator,
        standing.severity,
        standing.hard,
        standing.min_colour,
        standing.unit,
        standing.audience,
        standing.first_seen,
        standing.reached_on,
        standing.last_seen
    from standing
    left join reading on standing.client_id = reading.client_id and standing.indicator = reading.indicator
    left join withheld on standing.client_id = withheld.client_id and standing.indicator = withheld.rule
    left join client on standing.client_id = client.client_id
    where
        {{ stood.is_suspended() }}
)

select * from suspended
