-- one row per client and indicator that cleared since the last list ($since) and still does not fire: no list said so
with
cleared as (
    select * from night.cleared_lately
    where business_date > $since and business_date < $business_date and first_seen <= $since
),

standing as (
    select
        client_id,
        indicator
    from warnings.signal
    union
    select
        client_id,
        indicator
    from warnings.suspended
),

newest_first as (
    select
        cleared.*,
        row_number() over (
            partition by cleared.client_id, cleared.indicator order by cleared.business_date desc
        ) as place
    from cleared
    left join standing on cleared.client_id = standing.client_id and cleared.indicator = standing.indicator
    where standing.client_id is null
),

cleared_before as (
    select
        business_date,
        client_id,
        branch_id,
        loan_id,
        project_id,
        indicator,
        severity,
        first_seen,
        last_seen,
        audience,
        reason_case,
        reason_zh,
        reason_en
    from newest_first
    where place = 1
)

select * from cleared_before
