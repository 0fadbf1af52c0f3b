-- one row per branch and client with one of the largest movements of the last seven days, money that left first
with
setting as (
    select
        max(case when setting = 'listed_clients' then value end) as listed_clients,
        max(case when setting = 'listed_amt' then value end) as listed_amt
    from policy.weekly_setting
),

money as (
    select
        moved.branch_id,
        moved.client_id,
        moved.staff_id,
        moved.direction,
        moved.move_amt,
        cast(moved.balance_amt as decimal(18, 2)) as balance_amt
    from tasks_weekly.moved as moved
    cross join setting
    where moved.place <= setting.listed_clients and abs(moved.move_amt) >= setting.listed_amt
)

select * from money
