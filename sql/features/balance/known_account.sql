-- one row per account: from which day on its balance is known; null where its opening balance is not
with
account as (
    select * from staging.account
    where opened_on <= $business_date
),

held as (
    select * from features.account_balance
),

-- the feed of balances begins with its first row, whichever account that is of
feed as (
    select min(first_row_date) as first_date
    from held
),

-- one opened within the feed held nothing before; of an older one the first balance supplied is the first that is known
known as (
    select
        account.account_id,
        account.client_id,
        account.is_deposit,
        held.first_row_date,
        case
            when account.opened_on >= feed.first_date then feed.first_date
            when account.closed_on <= $business_date and coalesce(account.closed_on < held.first_row_date, true)
                then account.closed_on
            when not held.is_replayed then held.first_row_date
            when account.closed_on <= $business_date then account.closed_on
        end as known_from
    from account
    cross join feed
    left join held on account.account_id = held.account_id
)

select * from known
