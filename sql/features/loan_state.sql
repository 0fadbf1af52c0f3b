-- one row per loan that exists on the business date: what is owed, what is overdue and since when
with
loan as (
    select * from staging.loan
),

arrears as (
    select * from loan.arrears
),

factor as (
    select
        max(case when kind = 'revolving' then ccf_pct end) as revolving_pct,
        max(case when kind = 'term' then ccf_pct end) as term_pct
    from policy.exposure
),

coming as (
    select
        loan_id,
        effective_due_date,
        sum(unpaid_amt) as unpaid_amt,
        row_number() over (partition by loan_id order by effective_due_date) as place
    from loan.due
    where effective_due_date > $business_date and unpaid_amt > 0
    group by loan_id, effective_due_date
),

-- a term loan that repays is drawn no more
repaying as (
    select distinct loan_id
    from loan.due
    where kind = 'principal' and effective_due_date <= $business_date
),

drawn as (
    select
        loan_id,
        sum(amount) as drawn_amt
    from source.disbursement
    where drawn_on <= $business_date
    group by loan_id
),

undrawn as (
    select
        loan.*,
        case
            when not loan.is_open or loan.accelerated_on is not null or loan.maturity_date < $business_date then 0
            when not loan.is_revolving and repaying.loan_id is not null then 0
            else greatest(
                coalesce(loan.limit_base_amt, 0)
                - greatest(
                    loan.outstanding_base_amt,
                    case when loan.is_revolving then 0 else coalesce(drawn.drawn_amt, 0) * loan.rate end
                ),
                0
            )
        end as undrawn_amt
    from loan
    left join repaying on loan.loan_id = repaying.loan_id
    left join drawn on loan.loan_id = drawn.loan_id
),

stated as (
    select
        undrawn.loan_id,
        undrawn.client_id,
        undrawn.branch_id,
        undrawn.project_id,
        undrawn.product,
        undrawn.ccy,
        undrawn.is_revolving,
        undrawn.status,
        undrawn.outstanding_base_amt as outstanding_amt,
        undrawn.limit_base_amt as limit_amt,
        undrawn.undrawn_amt,
        case
            when not undrawn.is_open then 0
            else cast(
                undrawn.outstanding_base_amt
                + undrawn.undrawn_amt
                * case when undrawn.is_revolving then factor.revolving_pct else factor.term_pct end / 100
                as decimal(18, 2)
            )
        end as ead_amt,
        undrawn.rate_pct,
        undrawn.start_date,
        undrawn.maturity_date,
        undrawn.asset_class,
        undrawn.forborne_on,
        undrawn.refinances_loan_id,
        undrawn.accelerated_on,
        undrawn.repay_account_id,
        coalesce(arrears.days_past_due, 0) as days_past_due,
        coalesce(arrears.principal_days_past_due, 0) as principal_days_past_due,
        coalesce(arrears.interest_days_past_due, 0) as interest_days_past_due,
        coalesce(arrears.overdue_amt, 0) as overdue_amt,
        arrears.oldest_unpaid_due_date,
        arrears.oldest_unpaid_kind,
        coming.effective_due_date as next_due_date,
        coming.unpaid_amt as next_due_amt,
        undrawn.rate is not null as is_assessed
    from undrawn
    cross join factor
    left join arrears on undrawn.loan_id = arrears.loan_id
    left join coming on undrawn.loan_id = coming.loan_id and coming.place = 1
)

select * from stated
