-- one row per loan and payee of what was drawn within a year: how much, in how many draws, and its share
with
drawn as (
    select
        loan_id,
        coalesce(payee_id, '') as payee_id,
        sum(amount) as amount_amt,
        count(*) as draws,
        max(drawn_on) as last_on
    from source.disbursement
    where drawn_on <= $business_date and date_diff('day', drawn_on, $business_date) <= 365
    group by loan_id, coalesce(payee_id, '')
),

whole as (
    select
        loan_id,
        sum(amount_amt) as whole_amt
    from drawn
    group by loan_id
),

shared as (
    select
        drawn.loan_id,
        drawn.payee_id,
        cast(drawn.amount_amt as decimal(18, 2)) as amount_amt,
        drawn.draws,
        drawn.last_on,
        cast(100.0 * drawn.amount_amt / nullif(whole.whole_amt, 0) as decimal(18, 4)) as share_pct
    from drawn
    inner join whole on drawn.loan_id = whole.loan_id
)

select * from shared
