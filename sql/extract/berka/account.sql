-- one row per account, of its owner, known from the day it was opened
-- A disponent may use an account and stays a client; the account is the owner's alone. The account's branch is its
-- own district: for 409 accounts not the owner's.
with raw_account as (
    select * from account
),

raw_owner as (
    select * from disp
    where type = 'OWNER'
),

dated as (
    select
        cast(a.account_id as text) as account_id,
        cast(o.client_id as text) as client_id,
        cast(a.district_id as text) as branch_id,
        cast(a.date as text) as opened
    from raw_account as a
    left join raw_owner as o on a.account_id = o.account_id
),

mapped as (
    select
        account_id,
        client_id,
        branch_id,
        'settlement' as kind,
        'CZK' as ccy,
        '19' || substr(opened, 1, 2) || '-' || substr(opened, 3, 2) || '-' || substr(opened, 5, 2) as opened_on,
        '19' || substr(opened, 1, 2) || '-' || substr(opened, 3, 2) || '-' || substr(opened, 5, 2)
        || ' 23:59:59' as known_at
    from dated
)

select * from mapped
