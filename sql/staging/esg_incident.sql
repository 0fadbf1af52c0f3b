-- one row per incident or penalty that was public, or had happened, by the business date; closed later is still open
with
incident as (
    select * from source.esg_incident
),

project as (
    select project_id
    from source.project
),

supplied as (
    select
        count(case when column_name = 'closed_on' then 1 end) = 1 as has_closing,
        count(case when column_name = 'verified_on' then 1 end) = 1 as has_verifying,
        count(case when column_name = 'evidence_id' then 1 end) = 1 as has_evidence
    from night.supplied_column
    where table_name = 'esg_incident'
),

unreadable as (
    select
        row_key,
        count(case when column_name = 'closed_on' then 1 end) > 0 as is_of_closing,
        count(case when column_name = 'verified_on' then 1 end) > 0 as is_of_verifying
    from night.withheld
    where table_name = 'esg_incident' and column_name in ('closed_on', 'verified_on')
    group by row_key
),

as_of_night as (
    select
        incident.incident_id,
        -- one that names a project which nobody knows is its client's: on no page it would be good news
        project.project_id,
        incident.client_id,
        incident.kind,
        incident.occurred_on,
        incident.published_on,
        incident.amount,
        case when incident.closed_on <= $business_date then incident.closed_on end as closed_on,
        incident.source,
        -- what several rows are about is one event
        coalesce(incident.event_key, 'esg_incident:' || incident.incident_id) as event_key,
        not supplied.has_closing or coalesce(unreadable.is_of_closing, false) as is_closing_unknown,
        incident.document_no,
        incident.cause,
        incident.fix,
        case when incident.verified_on <= $business_date then incident.verified_on end as verified_on,
        incident.evidence_id,
        -- a date before the incident verifies nothing of it
        case
            when not supplied.has_verifying then 'not_supplied'
            when coalesce(unreadable.is_of_verifying, false) then 'not_assessed'
            when incident.verified_on > $business_date or incident.verified_on is null then 'not_verified'
            when incident.verified_on < incident.occurred_on then 'before_incident'
            when incident.evidence_id is null and not supplied.has_evidence then 'not_supplied'
            when incident.evidence_id is null then 'without_evidence'
            else 'verified'
        end as verification
    from incident
    cross join supplied
    left join project on incident.project_id = project.project_id
    left join unreadable on incident.incident_id = unreadable.row_key
    where occurred_on <= $business_date and coalesce(published_on, occurred_on) <= $business_date
)

select * from as_of_night
