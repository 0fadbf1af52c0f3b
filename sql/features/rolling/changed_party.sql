-- one row per account or client that is new, or whose owner or group is not what the night before sorted flows by
with
account as (
    select
        now_mapped.account_id as party_id,
        now_mapped.client_id,
        now_mapped.group_id,
        held.client_id as former_client_id,
        held.group_id as former_group_id
    from features.account_mapping as now_mapped
    left join previous.account_mapping as held on now_mapped.account_id = held.account_id
    where
        held.account_id is null
        or now_mapped.client_id <> held.client_id
        or coalesce(now_mapped.group_id, '') <> coalesce(held.group_id, '')
),

client as (
    select
        now_mapped.client_id as party_id,
        now_mapped.client_id,
        now_mapped.group_id,
        held.client_id as former_client_id,
        held.group_id as former_group_id
    from features.client_mapping as now_mapped
    left join previous.client_mapping as held on now_mapped.client_id = held.client_id
    where held.client_id is null or coalesce(now_mapped.group_id, '') <> coalesce(held.group_id, '')
),

changed as (
    select * from account
    union all
    select * from client
)

select * from changed
