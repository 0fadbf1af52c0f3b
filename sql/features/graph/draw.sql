-- one row per client, loan and day on which it was drawn, as far back as it can have paid for a payment that is read:
-- how much, null where a part cannot be converted, and whether it is one of the last 90 days and so followed
with
rule as (
    select cast(max(window_days) as integer) as window_days
    from policy.indicator
    where indicator in ('T15', 'T16')
),

setting as (
    select cast(sum(value) as integer) as reach_days
    from policy.trail_setting
    where setting in ('edge_days', 'return_days')
),

drawn as (
    select
        loan.client_id,
        loan.loan_id,
        disbursement.drawn_on,
        cast(disbursement.amount * loan.rate as decimal(18, 2)) as amount
    from source.disbursement as disbursement
    inner join staging.loan as loan on disbursement.loan_id = loan.loan_id
    cross join setting
    where
        disbursement.drawn_on <= $business_date
        and date_diff('day', disbursement.drawn_on, $business_date) < setting.reach_days
),

draw as (
    select
        drawn.client_id,
        drawn.loan_id,
        drawn.drawn_on,
        case when count(*) = count(drawn.amount) then cast(sum(drawn.amount) as decimal(38, 2)) end as drawn_amt,
        date_diff('day', drawn.drawn_on, $business_date) < rule.window_days as is_followed
    from drawn
    cross join rule
    group by drawn.client_id, drawn.loan_id, drawn.drawn_on, rule.window_days
)

select * from draw
