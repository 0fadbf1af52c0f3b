-- one row per active client, while a month is due: since when it is one, and its peers
{% import 'macros/month.sql' as months %}
with
due as (
    select
        count(*) as months,
        max(next_month) as months_end
    from tiers_evaluation.due_month
),

clients as (
    select client.*
    from staging.client as client
    cross join due
    where client.is_active and due.months > 0
),

accounts as (
    select
        client_id,
        min(opened_on) as first_opened_on,
        max(case when is_deposit and opened_on < due.months_end then 1 else 0 end) as has_deposit_account
    from staging.account
    cross join due
    where due.months > 0
    group by client_id
),

span as (
    select min(first_data_date) as first_flow_date
    from features.client_span
),

whole_balance_month as (
    select min(month) as month
    from features.client_balance_month
    where is_full and day_count >= date_diff('day', month, {{ months.first_day('month', 1) }})
),

-- the bank's data begin with the first flow or the first whole month of balances
bank as (
    select
        least(
            coalesce(span.first_flow_date, whole_balance_month.month),
            coalesce(whole_balance_month.month, span.first_flow_date)
        ) as first_date
    from span
    cross join whole_balance_month
),

started as (
    select
        clients.client_id,
        clients.branch_id,
        member.group_key,
        case when clients.is_natural_person then 'person' else 'company' end as person_kind,
        coalesce(clients.segment, '-') as segment,
        least(clients.onboard_date, coalesce(accounts.first_opened_on, clients.onboard_date)) as client_since,
        greatest(
            bank.first_date,
            least(clients.onboard_date, coalesce(accounts.first_opened_on, clients.onboard_date))
        ) as known_since,
        coalesce(accounts.has_deposit_account, 0) = 1 as has_deposit_account
    from clients
    cross join bank
    inner join tiers_group.member as member on clients.client_id = member.client_id
    left join accounts on clients.client_id = accounts.client_id
)

select * from started
