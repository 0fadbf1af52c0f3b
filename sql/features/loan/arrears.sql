-- one row per loan with something overdue: since when, by kind; below a least amount together nothing is overdue
{% import 'macros/owed.sql' as owed %}
with
instalment as (
    select * from features_loan.due
),

loan as (
    select * from staging.loan
    where is_open
),

setting as (
    select
        max(case when setting = 'technical_days' then value end) as technical_days,
        max(case when setting = 'least_overdue_amt' then value end) as least_overdue_amt
    from policy.arrears_setting
),

-- an evidenced technical delay of a few days does not count, nor what is perhaps paid
fallen_due as (
    select
        instalment.loan_id,
        instalment.kind,
        instalment.effective_due_date as due_date,
        instalment.unpaid_amt,
        instalment.reversed_on,
        false as is_in_full
    from instalment
    cross join setting
    where
        instalment.effective_due_date < $business_date
        and instalment.unpaid_amt > 0
        and not coalesce(instalment.is_unconfirmed, false)
        and not (
            coalesce(instalment.technical_reason, '') <> ''
            and date_diff('day', instalment.effective_due_date, $business_date) <= setting.technical_days
        )
),

technical as (
    select distinct
        instalment.loan_id,
        instalment.effective_due_date as due_date
    from instalment
    cross join setting
    where
        coalesce(instalment.technical_reason, '') <> ''
        and date_diff('day', instalment.effective_due_date, $business_date) <= setting.technical_days
),

-- once called or matured the whole balance is due; principal that was due before is part of that balance
in_full as (
    select
        loan.loan_id,
        'principal' as kind,
        loan.due_in_full_on as due_date,
        loan.outstanding_base_amt as unpaid_amt,
        cast(null as date) as reversed_on,
        true as is_in_full
    from loan
    left join technical on loan.loan_id = technical.loan_id and loan.due_in_full_on = technical.due_date
    where loan.due_in_full_on < $business_date and loan.outstanding_base_amt > 0 and technical.loan_id is null
),

overdue as (
    select fallen_due.* from fallen_due
    inner join loan on fallen_due.loan_id = loan.loan_id
    union all
    select * from in_full
),

-- all that had fallen due by the end of each date
summed_up as (
    select
        loan_id,
        kind,
        due_date,
        unpaid_amt,
        reversed_on,
        {{ owed.balance(
            "case when kind = 'principal' and not is_in_full then unpaid_amt else 0 end",
            'case when is_in_full then unpaid_amt else 0 end',
            by='loan_id',
            order='due_date'
        ) }} as balance_amt,
        {{ owed.interest(
            "case when kind <> 'principal' then unpaid_amt else 0 end", by='loan_id', order='due_date'
        ) }} as interest_amt
    from overdue
),

-- oldest first, days past due begin where the sum reaches what counts
running as (
    select
        *,
        balance_amt + interest_amt as running_amt,
        case when kind = 'principal' then balance_amt else interest_amt end as kind_running_amt
    from summed_up
),

summed as (
    select
        running.loan_id,
        min(case when running.running_amt >= setting.least_overdue_amt then running.due_date end)
            as oldest_unpaid_due_date,
        min(
            case
                when running.kind = 'principal' and running.kind_running_amt >= setting.least_overdue_amt
                    then running.due_date
            end
        ) as oldest_principal_due_date,
        min(
            case
                when running.kind = 'interest' and running.kind_running_amt >= setting.least_overdue_amt
                    then running.due_date
            end
        ) as oldest_interest_due_date,
        max(in_full.unpaid_amt) as in_full_amt,
        max(running.reversed_on) as reversed_on,
        sum(running.unpaid_amt) as overdue_amt,
        sum(case when running.kind <> 'principal' then running.unpaid_amt else 0 end) as interest_amt
    from running
    cross join setting
    left join in_full on running.loan_id = in_full.loan_id
    group by running.loan_id
    having max(running.running_amt) >= max(setting.least_overdue_amt)
),

said as (
    select
        loan_id,
        oldest_unpaid_due_date,
        case
            when oldest_principal_due_date = oldest_unpaid_due_date then 'principal'
            when oldest_interest_due_date = oldest_unpaid_due_date then 'interest'
            else 'principal'
        end as oldest_unpaid_kind,
        date_diff('day', oldest_unpaid_due_date, $business_date) as days_past_due,
        coalesce(date_diff('day', oldest_principal_due_date, $business_date), 0) as principal_days_past_due,
        coalesce(date_diff('day', oldest_interest_due_date, $business_date), 0) as interest_days_past_due,
        -- unpaid interest is no part of the balance
        coalesce(in_full_amt + interest_amt, overdue_amt) as overdue_amt,
        interest_amt as interest_overdue_amt,
        reversed_on
    from summed
)

select * from said
