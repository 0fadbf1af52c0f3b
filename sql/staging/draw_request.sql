-- one row per announced draw that is still ahead, or wanted for today: its amount in base currency (null: no rate)
with
request as (
    select * from source.draw_request
    where wanted_on >= $business_date
),

loan as (
    select * from staging.loan
),

valued as (
    select
        request.request_id,
        request.loan_id,
        loan.client_id,
        loan.branch_id,
        loan.project_id,
        cast(request.amount * loan.rate as decimal(18, 2)) as amount_amt,
        request.wanted_on,
        request.payee_id,
        request.purpose
    from request
    inner join loan on request.loan_id = loan.loan_id
)

select * from valued
