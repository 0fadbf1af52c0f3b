-- one row per client that did something of its own in the year to a night that judges a month: the last day of it
with
due as (
    select
        max(month_no) as month_no,
        min(year_start) as year_start
    from tiers_evaluation.due_month
),

-- a day whose facts were all corrected away has left its sums of nothing in the history
day as (
    select
        held.client_id,
        held.booked_on
    from history.client_day as held
    inner join due on held.booked_on >= due.year_start
    group by held.client_id, held.booked_on
    having sum(held.client_initiated_count) > 0
),

last_day as (
    select
        client_id,
        max(booked_on) as last_active_on
    from day
    group by client_id
)

select * from last_day
