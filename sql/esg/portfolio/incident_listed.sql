-- one row per incident of the last year, or one that is not closed: once, whatever projects its client has
with
setting as (
    select max(case when setting = 'incident_days' then value end) as incident_days
    from policy.esg_setting
),

project as (
    select * from esg_portfolio.project
),

incident as (
    select
        *,
        row_number() over (partition by incident_id order by project_id) as place,
        count(*) over (partition by incident_id) as project_count
    from esg.incident
),

listed as (
    select
        incident.incident_id,
        lower(trim(incident.kind)) as kind,
        incident.project_id,
        project.name,
        project.branch_name,
        project.branch_name_en,
        incident.is_of_client,
        incident.project_count,
        incident.occurred_on,
        incident.closed_on,
        incident.amount,
        incident.state,
        incident.days_open,
        date_diff('day', incident.occurred_on, $business_date) < setting.incident_days as is_recent
    from incident
    cross join setting
    inner join project on incident.project_id = project.project_id
    where
        incident.place = 1
        and (
            incident.state <> 'closed'
            or date_diff('day', incident.occurred_on, $business_date) < setting.incident_days
        )
)

select * from listed
