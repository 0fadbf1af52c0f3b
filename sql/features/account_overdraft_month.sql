-- one row per account and month, of this one and the eleven before, in which its balance lay below its overdraft limit
-- (below zero, and no excess for certain, where no limit is known)
{% import 'macros/month.sql' as months %}
with
account as (
    select * from features.account_balance
),

month as (
    select
        day as month,
        {{ months.first_day('day', 1) }} as end_date
    from night.calendar
    where
        day >= {{ months.first_day('$business_date', -11) }}
        and day <= $business_date
        and day = cast(date_trunc('month', day) as date)
),

below as (
    select
        step.account_id,
        {% if is_rolled %}
        case when step.is_held then step.from_date + 1 else step.from_date end as from_date,
        {% else %}
        step.from_date,
        {% endif %}
        step.to_date
    from features_balance.step as step
    inner join account on step.account_id = account.account_id
    where step.balance_amt < -coalesce(account.overdraft_limit, 0)
),

found as (
    select
        below.account_id,
        month.month
    from below
    inner join month on below.from_date < month.end_date and below.to_date > month.month
    where below.from_date < below.to_date
    {% if is_rolled %}
    union
    select
        held.account_id,
        held.month
    from previous.account_overdraft_month as held
    inner join month on held.month = month.month
    inner join account on held.account_id = account.account_id
    left join features_balance.reread_client as reread on account.client_id = reread.client_id
    where reread.client_id is null
    {% endif %}
),

distinct_month as (
    select distinct
        account_id,
        month
    from found
),

owned as (
    select
        distinct_month.account_id,
        account.client_id,
        distinct_month.month,
        account.overdraft_limit is not null as is_excess
    from distinct_month
    inner join account on distinct_month.account_id = account.account_id
)

select * from owned
