-- one row per incident or penalty that was public, or had happened, by the business date; closed later is still open
with
incident as (
    select * from source.esg_incident
),

as_of_night as (
    select
        incident_id,
        project_id,
        client_id,
        kind,
        occurred_on,
        published_on,
        amount,
        case when closed_on <= $business_date then closed_on end as closed_on,
        source
    from incident
    where occurred_on <= $business_date and coalesce(published_on, occurred_on) <= $business_date
)

select * from as_of_night
