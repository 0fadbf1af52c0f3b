-- one row per client with an account: over which days its flows can be known, and how many days of each window that is
with
account as (
    select * from staging.account
    where opened_on <= $business_date
),

client as (
    select * from staging.client
),

-- a day whose facts were all corrected away has left its sums of nothing in the history
booked as (
    select booked_on
    from history.client_day
    group by booked_on
    having sum(txn_count) > 0
),

bank as (
    select min(booked_on) as first_booked_on
    from booked
),

first_account as (
    select
        client_id,
        min(opened_on) as first_opened_on
    from account
    group by client_id
),

{% if is_rolled %}
-- of these a day went away tonight, and it may have been their last; or the night before had no account of theirs open,
-- and did not say it
reread as (
    select client_id
    from features.client_day
    where txn_count < 0 or client_initiated_count < 0
    union
    select client.client_id
    from client
    left join previous.client_span as held on client.client_id = held.client_id
    where held.client_id is null
),

dated as (
    select
        client_id,
        booked_on,
        client_initiated_count > 0 as is_client_initiated
    from features.client_day
    where txn_count > 0 or client_initiated_count > 0
    union all
    select
        client_id,
        last_txn_date as booked_on,
        false as is_client_initiated
    from previous.client_span
    where client_id not in (select reread.client_id from reread)
    union all
    select
        client_id,
        last_client_initiated_date as booked_on,
        true as is_client_initiated
    from previous.client_span
    where
        last_client_initiated_date is not null
        and client_id not in (select reread.client_id from reread)
    union all
    select
        client_id,
        booked_on,
        sum(client_initiated_count) > 0 as is_client_initiated
    from history.client_day
    where client_id in (select reread.client_id from reread)
    group by client_id, booked_on
    having sum(txn_count) > 0
),
{% else %}
dated as (
    select
        client_id,
        booked_on,
        sum(client_initiated_count) > 0 as is_client_initiated
    from history.client_day
    group by client_id, booked_on
    having sum(txn_count) > 0
),
{% endif %}

last_txn as (
    select
        client_id,
        max(booked_on) as last_txn_date,
        max(case when is_client_initiated then booked_on end) as last_client_initiated_date
    from dated
    group by client_id
),

branch_feed as (
    select
        client.branch_id,
        max(last_txn.last_txn_date) as last_data_date
    from last_txn
    inner join client on last_txn.client_id = client.client_id
    group by client.branch_id
),

-- without any transaction in the bank nothing is known of any day
span as (
    select
        first_account.client_id,
        greatest(bank.first_booked_on, first_account.first_opened_on) as first_data_date,
        branch_feed.last_data_date,
        last_txn.last_txn_date,
        last_txn.last_client_initiated_date
    from first_account
    inner join client on first_account.client_id = client.client_id
    cross join bank
    left join branch_feed on client.branch_id = branch_feed.branch_id
    left join last_txn on first_account.client_id = last_txn.client_id
    where bank.first_booked_on is not null
),

known as (
    select
        *,
        greatest(date_diff('day', first_data_date, $business_date) + 1, 0) as known_days
    from span
),

covered as (
    select
        client_id,
        first_data_date,
        last_data_date,
        last_txn_date,
        last_client_initiated_date,
        least(known_days, 30) as covered_30d_days,
        least(known_days, 90) as covered_90d_days,
        least(greatest(known_days - 90, 0), 365) as covered_prior_365d_days,
        least(greatest(known_days - 365, 0), 90) as covered_year_ago_90d_days,
        least(known_days, 365) as covered_365d_days
    from known
)

select * from covered
