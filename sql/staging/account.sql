-- one row per account
with
account as (
    select * from source.account
),

client as (
    select * from source.client
),

owned as (
    select
        account.account_id,
        account.client_id,
        coalesce(account.branch_id, client.branch_id) as branch_id,
        account.kind,
        coalesce(account.ccy, $base_ccy) as ccy,
        account.overdraft_limit,
        account.opened_on,
        account.closed_on,
        account.kind in ('settlement', 'deposit', 'wealth') as is_deposit
    from account
    inner join client on account.client_id = client.client_id
)

select * from owned
