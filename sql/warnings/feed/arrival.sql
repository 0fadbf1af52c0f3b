-- one row per daily feed, and for transactions per branch too: its newest date, and the working days of silence since
with
rule as (
    select * from policy.indicator
    where indicator = 'Q01'
),

calendar as (
    select * from night.calendar
),

looked_at as (
    select $business_date - cast(max(value) as integer) as first_date
    from policy.signal_setting
    where setting = 'arrival_days'
),

txn as (
    select fact.*
    from source.txn as fact
    cross join looked_at
    where fact.booked_on > looked_at.first_date and fact.booked_on <= $business_date
),

balance as (
    select fact.*
    from source.balance as fact
    cross join looked_at
    where fact.business_date > looked_at.first_date and fact.business_date <= $business_date
),

loan_daily as (
    select fact.*
    from source.loan_daily as fact
    cross join looked_at
    where fact.business_date > looked_at.first_date and fact.business_date <= $business_date
),

account as (
    select * from staging.account
),

branch_day as (
    select distinct
        account.branch_id,
        txn.booked_on as day
    from txn
    inner join account on txn.account_id = account.account_id
    where account.branch_id is not null
),

feed_day as (
    select distinct
        'txn' as table_name,
        cast(null as varchar) as branch_id,
        booked_on as day
    from txn
    union all
    select distinct
        'balance' as table_name,
        cast(null as varchar) as branch_id,
        business_date as day
    from balance
    union all
    select distinct
        'loan_daily' as table_name,
        cast(null as varchar) as branch_id,
        business_date as day
    from loan_daily
    union all
    select
        'txn' as table_name,
        branch_id,
        day
    from branch_day
),

newest as (
    select
        table_name,
        branch_id,
        max(day) as newest_date
    from feed_day
    group by table_name, branch_id
),

-- how many days carried rows in the weeks before the newest: a feed of a few rows a week has no rhythm to miss
rhythm as (
    select
        newest.table_name,
        newest.branch_id,
        newest.newest_date,
        count(*) as seen_days
    from newest
    cross join rule
    inner join feed_day
        on
            newest.table_name = feed_day.table_name
            and coalesce(newest.branch_id, '') = coalesce(feed_day.branch_id, '')
            and date_diff('day', feed_day.day, newest.newest_date) < rule.window_days
    group by newest.table_name, newest.branch_id, newest.newest_date
),

arrival as (
    select
        rhythm.table_name,
        rhythm.branch_id,
        rhythm.newest_date,
        rhythm.seen_days >= rule.min_days as is_regular,
        tonight.workday_index - then_.workday_index as silent_workdays
    from rhythm
    cross join rule
    inner join calendar as then_ on rhythm.newest_date = then_.day
    inner join calendar as tonight on tonight.day = $business_date
)

select * from arrival
