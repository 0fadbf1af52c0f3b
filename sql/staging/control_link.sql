-- one row per link by which one active company controls another client, in force on the business date
with
client as (
    select
        client_id,
        is_natural_person
    from staging.client
    where is_active
),

-- a person and a company of theirs are two relationships: companies and persons are never held against each other
link as (
    select
        link.other_client_id as client_id,
        link.client_id as controller_id,
        link.share_pct
    from source.client_link as link
    inner join client as controller on link.client_id = controller.client_id and not controller.is_natural_person
    inner join client as controlled on link.other_client_id = controlled.client_id
    where
        link.kind = 'controls'
        and link.client_id <> link.other_client_id
        and coalesce(link.valid_from <= $business_date, true)
        and coalesce(link.valid_to > $business_date, true)
)

select * from link
