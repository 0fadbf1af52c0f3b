-- one row per client with an open need and calendar month: its operating inflow of the last twelve full months, where
-- all of them are known
{% import 'macros/month.sql' as months %}
with
client as (
    select client_id
    from care_proposal.turnover
    where months = 12
),

season as (
    select
        month.client_id,
        month(month.month) as calendar_month,
        month.credit_turnover_amt as inflow_amt
    from features.client_month as month
    inner join client on month.client_id = client.client_id
    where month.is_full and month.month >= {{ months.first_day('$morning', -12) }}
)

select * from season
