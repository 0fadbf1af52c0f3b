-- one row per project and incident of its own or of its client
with
project as (
    select
        project_id,
        client_id,
        branch_id
    from features.project_state
),

incident as (
    select * from staging.esg_incident
),

linked as (
    select
        $business_date as business_date,
        project.project_id,
        project.client_id,
        project.branch_id,
        incident.incident_id,
        incident.kind,
        incident.occurred_on,
        incident.published_on,
        incident.amount,
        incident.closed_on,
        incident.source,
        incident.document_no,
        incident.cause,
        incident.fix,
        incident.verified_on,
        incident.evidence_id,
        incident.verification,
        incident.project_id is null as is_of_client,
        case
            when incident.closed_on is not null then 'closed'
            when incident.is_closing_unknown then 'not_assessed'
            else 'open'
        end as state,
        case
            when incident.closed_on is not null or not coalesce(incident.is_closing_unknown, false)
                then date_diff('day', incident.occurred_on, coalesce(incident.closed_on, $business_date))
        end as days_open
    from incident
    inner join project
        on
            incident.project_id = project.project_id
            or (incident.project_id is null and incident.client_id = project.client_id)
)

select * from linked
