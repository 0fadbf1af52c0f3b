-- one row per open loan: outstanding and limit in the loan's currency, as this night sees them
with
seen as (
    select
        loan_id,
        $business_date as business_date,
        outstanding_amt,
        limit_amt
    from staging.loan
    where is_open
)

select * from seen
