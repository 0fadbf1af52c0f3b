-- one row per loan that exists on the business date; amounts in base currency (null where there is no rate)
with
loan as (
    select * from source.loan
    where start_date <= $business_date
),

client as (
    select * from source.client
),

valued as (
    select
        loan.loan_id,
        loan.client_id,
        client.branch_id,
        loan.project_id,
        loan.product,
        coalesce(loan.ccy, $base_ccy) as ccy,
        loan.outstanding_amt,
        loan.limit_amt,
        coalesce(loan.is_revolving, false) as is_revolving,
        cast(loan.outstanding_amt * fx.rate as decimal(18, 2)) as outstanding_base_amt,
        cast(loan.limit_amt * fx.rate as decimal(18, 2)) as limit_base_amt,
        fx.rate,
        loan.rate_pct,
        loan.start_date,
        loan.maturity_date,
        loan.asset_class,
        case when loan.forborne_on <= $business_date then loan.forborne_on end as forborne_on,
        loan.refinances_loan_id,
        case when loan.accelerated_on <= $business_date then loan.accelerated_on end as accelerated_on,
        coalesce(loan.day_roll, 'none') as day_roll,
        loan.repay_account_id,
        loan.status,
        loan.status <> 'closed' as is_open
    from loan
    inner join client on loan.client_id = client.client_id
    left join staging.fx as fx
        on
            coalesce(loan.ccy, $base_ccy) = fx.ccy
            and $business_date >= fx.from_date
            and $business_date < fx.to_date
)

select * from valued
