-- one row per account: whose it is, as tonight's flows are attributed
with
account as (
    select * from staging.account
),

client as (
    select * from source.client
),

mapped as (
    select
        account.account_id,
        account.client_id,
        client.group_id
    from account
    inner join client on account.client_id = client.client_id
)

select * from mapped
