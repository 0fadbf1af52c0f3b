-- one row per link of client_link in force on the business date between two clients that the bank knows
with
client as (
    select client_id from staging.client
),

link as (
    select
        link.client_id,
        link.other_client_id,
        link.kind,
        link.share_pct,
        link.valid_from
    from source.client_link as link
    inner join client as one on link.client_id = one.client_id
    inner join client as other on link.other_client_id = other.client_id
    where
        coalesce(link.valid_from <= $business_date, true)
        and coalesce(link.valid_to > $business_date, true)
)

select * from link
