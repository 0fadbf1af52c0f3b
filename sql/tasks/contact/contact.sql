-- one row per contact with a client, as staged: read here once for all that follows
with
contact as (
    select * from staging.contact
)

select * from contact
