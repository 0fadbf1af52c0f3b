-- one row per incident or penalty that was public, or had happened, by the business date; closed later is still open
with
incident as (
    select * from source.esg_incident
),

project as (
    select project_id
    from source.project
),

closed_column as (
    select count(*) as is_supplied
    from night.supplied_column
    where table_name = 'esg_incident' and column_name = 'closed_on'
),

unreadable as (
    select distinct row_key
    from night.withheld
    where table_name = 'esg_incident' and column_name = 'closed_on'
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
        closed_column.is_supplied = 0 or unreadable.row_key is not null as is_closing_unknown
    from incident
    cross join closed_column
    left join project on incident.project_id = project.project_id
    left join unreadable on incident.incident_id = unreadable.row_key
    where occurred_on <= $business_date and coalesce(published_on, occurred_on) <= $business_date
)

select * from as_of_night
