-- one row per client, loan and day of the window on which it was drawn: how much, null where a part cannot be converted
with
rule as (
    select cast(max(window_days) as integer) as window_days
    from policy.indicator
    where indicator in ('T15', 'T16')
),

drawn as (
    select
        loan.client_id,
        loan.loan_id,
        disbursement.drawn_on,
        cast(disbursement.amount * loan.rate as decimal(18, 2)) as amount
    from source.disbursement as disbursement
    inner join staging.loan as loan on disbursement.loan_id = loan.loan_id
    cross join rule
    where
        disbursement.drawn_on <= $business_date
        and date_diff('day', disbursement.drawn_on, $business_date) < rule.window_days
),

draw as (
    select
        client_id,
        loan_id,
        drawn_on,
        case when count(*) = count(amount) then cast(sum(amount) as decimal(38, 2)) end as drawn_amt
    from drawn
    group by client_id, loan_id, drawn_on
)

select * from draw
