-- one row per manual tier; its key: the id of the request (override_id)
-- who asked for it is not who decides
with
client as (
    select * from staging.client
),

override as (
    select
        override.override_id as subject_key,
        override.client_id,
        client.branch_id,
        override.requested_by as maker_id
    from source.override as override
    left join client on override.client_id = client.client_id
)

select * from override
