-- one row per project and client of the bank that supplies or controls its company, with its own open incidents
with
project as (
    select
        project_id,
        client_id
    from features.project_state
),

link as (
    select distinct
        other_client_id as client_id,
        client_id as party_id,
        case kind when 'supplies' then 'supplier' else 'sponsor' end as role
    from source.client_link
    where
        kind in ('supplies', 'controls')
        and coalesce(valid_from <= $business_date, true)
        and coalesce(valid_to > $business_date, true)
),

client as (
    select
        client_id,
        name
    from staging.client
),

open_incident as (
    select
        client_id,
        count(*) as open_count
    from staging.esg_incident
    where closed_on is null and not coalesce(is_closing_unknown, false)
    group by client_id
),

party as (
    select
        project.project_id,
        link.role,
        link.party_id,
        client.name,
        cast(coalesce(open_incident.open_count, 0) as integer) as open_count
    from project
    inner join link on project.client_id = link.client_id
    left join client on link.party_id = client.client_id
    left join open_incident on link.party_id = open_incident.client_id
)

select * from party
