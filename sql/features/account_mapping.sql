-- one row per account ever seen: whose it is, as tonight's flows are attributed; one no longer sent stays where it was
with
account as (
    select * from staging.account
),

client as (
    select * from staging.client
),

sent as (
    select
        account.account_id,
        account.client_id,
        client.group_id
    from account
    inner join client on account.client_id = client.client_id
),

gone as (
    select held.*
    from previous.account_mapping as held
    left join sent on held.account_id = sent.account_id
    where sent.account_id is null
),

mapped as (
    select * from sent
    union all
    select * from gone
)

select * from mapped
