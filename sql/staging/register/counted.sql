-- one row per project, item that the bank's own register of incidents counts as well, and end of a period that it is
-- reported for: how many of them, of the project or of its client, stood open on that day; nothing without a register
with
item as (
    select
        item,
        register_kind
    from policy.esg_item
    where register_kind is not null
),

reported as (
    select distinct
        esg_item.project_id,
        project.client_id,
        esg_item.period_end,
        item.item,
        item.register_kind
    from source.esg_item as esg_item
    inner join item on lower(trim(esg_item.item)) = item.item
    inner join source.project as project on esg_item.project_id = project.project_id
    where esg_item.period_end <= $business_date
),

register as (
    select count(*) as is_supplied
    from night.supplied
    where table_name = 'esg_incident' and is_supplied
),

-- of one that nobody says is closed it is not known whether it is open
incident as (
    select * from staging.esg_incident
    where closed_on is not null or not coalesce(is_closing_unknown, false)
),

counted as (
    select
        reported.project_id,
        reported.period_end,
        reported.item,
        count(incident.incident_id) as open_count
    from reported
    inner join register on register.is_supplied = 1
    left join incident
        on
            reported.register_kind = lower(trim(incident.kind))
            and (
                reported.project_id = incident.project_id
                or (incident.project_id is null and reported.client_id = incident.client_id)
            )
            and reported.period_end >= incident.occurred_on
            and (incident.closed_on is null or reported.period_end < incident.closed_on)
    group by reported.project_id, reported.period_end, reported.item
)

select * from counted
