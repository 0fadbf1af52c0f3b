-- one row per loan that exists on the business date; amounts in base currency (null where there is no rate)
with
loan as (
    select * from source.loan
    where start_date <= $business_date
),

client as (
    select * from source.client
),

revolving_column as (
    select count(*) as is_supplied
    from night.supplied_column
    where table_name = 'loan' and column_name = 'is_revolving'
),

unreadable as (
    select distinct row_key
    from night.withheld
    where table_name = 'loan' and column_name = 'is_revolving'
),

rolled as (
    select * from staging.rolled_day
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
        -- null: the source never says which loans revolve, or what it says of this one cannot be read
        coalesce(
            loan.is_revolving, case when revolving_column.is_supplied > 0 and unreadable.row_key is null then false end
        ) as is_revolving,
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
        case
            when loan.day_roll = 'next_workday' then coalesce(rolled.next_workday, loan.maturity_date)
            else loan.maturity_date
        end as effective_maturity_date,
        loan.repay_account_id,
        loan.status,
        loan.status <> 'closed' as is_open
    from loan
    inner join client on loan.client_id = client.client_id
    cross join revolving_column
    left join unreadable on loan.loan_id = unreadable.row_key
    left join rolled on loan.maturity_date = rolled.day
    left join staging.fx as fx
        on
            coalesce(loan.ccy, $base_ccy) = fx.ccy
            and $business_date >= fx.from_date
            and $business_date <= fx.last_date
),

-- once called or matured the whole balance is due, from whichever came first
dated as (
    select
        *,
        least(
            accelerated_on,
            case when effective_maturity_date <= $business_date then effective_maturity_date end
        ) as due_in_full_on
    from valued
)

select * from dated
