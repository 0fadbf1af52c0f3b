-- one row per account
with
account as (
    select * from source.account
),

client as (
    select * from source.client
),

limit_column as (
    select count(*) as is_supplied
    from night.supplied_column
    where table_name = 'account' and column_name = 'overdraft_limit'
),

unreadable as (
    select distinct row_key
    from night.withheld
    where table_name = 'account' and column_name = 'overdraft_limit'
),

owned as (
    select
        account.account_id,
        account.client_id,
        coalesce(account.branch_id, client.branch_id) as branch_id,
        account.kind,
        coalesce(account.ccy, $base_ccy) as ccy,
        -- null: the source never says how far an account may be overdrawn, or what it says of this one cannot be read
        coalesce(
            account.overdraft_limit, case when limit_column.is_supplied > 0 and unreadable.row_key is null then 0 end
        ) as overdraft_limit,
        account.opened_on,
        account.closed_on,
        coalesce(account_kind.is_deposit, false) as is_deposit
    from account
    inner join client on account.client_id = client.client_id
    cross join limit_column
    left join policy.account_kind as account_kind on account.kind = account_kind.kind
    left join unreadable on account.account_id = unreadable.row_key
)

select * from owned
