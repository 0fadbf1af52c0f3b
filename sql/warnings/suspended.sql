-- one row per signal that stood and tonight cannot be assessed: neither firing nor cleared, its place is kept for it
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
    from warnings_verdict.quality
),

withheld as (
    select * from warnings_verdict.withheld
),

-- of what the checks hold back nothing is known, whatever the client's other loans and projects say; anything else ends
-- when the window of what it fired on has passed
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
        reading.severity is null
        and (withheld.client_id is not null or (not reading.is_assessed and not standing.is_outdated))
)

select * from suspended
