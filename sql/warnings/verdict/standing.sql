-- one row per signal that stood before tonight: it fired the night before, or could not be assessed since it last fired
with
fired as (
    select * from previous.signal
),

suspended as (
    select * from previous.suspended
),

standing as (
    select
        client_id,
        branch_id,
        loan_id,
        project_id,
        indicator,
        severity,
        hard,
        min_colour,
        unit,
        audience,
        first_seen,
        business_date as last_seen
    from fired
    union all
    select
        client_id,
        branch_id,
        loan_id,
        project_id,
        indicator,
        severity,
        hard,
        min_colour,
        unit,
        audience,
        first_seen,
        last_seen
    from suspended
)

select * from standing
