-- one row per loan that exists on the business date: what is owed, what is overdue and since when
with
loan as (
    select * from staging.loan
),

arrears as (
    select * from features_loan.arrears
),

plan as (
    select distinct loan_id
    from features_loan.due
),

-- below 1.00 together what is not confirmed changes nothing
unconfirmed as (
    select loan_id
    from features_loan.due
    where is_unconfirmed and effective_due_date < $business_date
    group by loan_id
    having sum(unpaid_amt) >= 1
),

factor as (
    select
        max(case when kind = 'revolving' then ccf_pct end) as revolving_pct,
        max(case when kind = 'term' then ccf_pct end) as term_pct
    from policy.exposure
),

coming_day as (
    select
        loan_id,
        effective_due_date,
        sum(unpaid_amt) as unpaid_amt
    from features_loan.due
    where effective_due_date > $business_date and unpaid_amt > 0 and not coalesce(is_unconfirmed, false)
    group by loan_id, effective_due_date
),

coming as (
    select
        *,
        row_number() over (partition by loan_id order by effective_due_date) as place
    from coming_day
),

-- from its first instalment of principal on a term loan is drawn no more
repaying as (
    select
        loan_id,
        min(effective_due_date) as first_on
    from features_loan.due
    where kind = 'principal'
    group by loan_id
),

drawing_table as (
    select is_supplied
    from night.supplied
    where table_name = 'disbursement'
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
        repaying.first_on as first_principal_on,
        -- without its drawings the balance of a term loan does not tell what was drawn and paid back
        coalesce(loan.is_revolving, false)
        or drawn.loan_id is not null
        or coalesce(drawing_table.is_supplied and loan.outstanding_amt = 0, false) as is_drawn_known,
        case
            when not loan.is_open or loan.status = 'written_off' or loan.accelerated_on is not null then 0
            when loan.maturity_date < $business_date then 0
            when not coalesce(loan.is_revolving, false) and repaying.first_on <= $business_date then 0
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
    cross join drawing_table
    left join repaying on loan.loan_id = repaying.loan_id
    left join drawn on loan.loan_id = drawn.loan_id
),

-- what is owed and has no plan may be late or not, until the whole of it is due; its interest is not known even then
planned as (
    select
        undrawn.*,
        unconfirmed.loan_id is not null as has_unconfirmed,
        undrawn.rate is not null and unconfirmed.loan_id is null as is_confirmed,
        not undrawn.is_open or undrawn.outstanding_amt <= 0 or plan.loan_id is not null as is_planned
    from undrawn
    left join plan on undrawn.loan_id = plan.loan_id
    left join unconfirmed on undrawn.loan_id = unconfirmed.loan_id
),

known as (
    select
        *,
        is_confirmed and is_planned as is_interest_known,
        is_confirmed and (is_planned or due_in_full_on is not null) as is_known
    from planned
),

stated as (
    select
        known.loan_id,
        known.client_id,
        known.branch_id,
        known.project_id,
        known.product,
        known.ccy,
        known.is_revolving,
        known.status,
        known.outstanding_base_amt as outstanding_amt,
        known.limit_base_amt as limit_amt,
        known.undrawn_amt,
        known.is_drawn_known,
        known.first_principal_on,
        case
            when not known.is_open then 0
            else cast(
                known.outstanding_base_amt
                + known.undrawn_amt
                * case when known.is_revolving then factor.revolving_pct else factor.term_pct end * 0.01
                as decimal(18, 2)
            )
        end as ead_amt,
        known.rate_pct,
        known.start_date,
        known.maturity_date,
        known.asset_class,
        known.forborne_on,
        known.refinances_loan_id,
        known.accelerated_on,
        known.due_in_full_on,
        known.repay_account_id,
        -- what is overdue for certain is said, also where more may be
        case when known.is_known or arrears.days_past_due > 0 then coalesce(arrears.days_past_due, 0) end
            as days_past_due,
        case
            when known.is_known or arrears.principal_days_past_due > 0
                then coalesce(arrears.principal_days_past_due, 0)
        end as principal_days_past_due,
        case
            when known.is_interest_known or arrears.interest_days_past_due > 0
                then coalesce(arrears.interest_days_past_due, 0)
        end as interest_days_past_due,
        case when known.is_known or arrears.overdue_amt > 0 then coalesce(arrears.overdue_amt, 0) end
            as overdue_amt,
        case
            when known.is_interest_known or arrears.interest_overdue_amt > 0
                then coalesce(arrears.interest_overdue_amt, 0)
        end as interest_overdue_amt,
        arrears.oldest_unpaid_due_date,
        arrears.oldest_unpaid_kind,
        arrears.reversed_on,
        coming.effective_due_date as next_due_date,
        coming.unpaid_amt as next_due_amt,
        known.has_unconfirmed,
        known.rate is not null as is_assessed
    from known
    cross join factor
    left join arrears on known.loan_id = arrears.loan_id
    left join coming on known.loan_id = coming.loan_id and coming.place = 1
)

select * from stated
