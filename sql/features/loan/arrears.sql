-- one row per loan with something overdue: since when, by kind; below 1.00 together nothing is overdue
with
instalment as (
    select * from loan.due
),

loan as (
    select * from staging.loan
    where is_open
),

-- an evidenced technical delay of at most seven days does not count
fallen_due as (
    select
        loan_id,
        kind,
        effective_due_date as due_date,
        unpaid_amt
    from instalment
    where
        effective_due_date < $business_date
        and unpaid_amt > 0
        and not (
            coalesce(technical_reason, '') <> '' and date_diff('day', effective_due_date, $business_date) <= 7
        )
),

-- after acceleration the whole balance is due; what was due before it is part of that balance
accelerated as (
    select
        loan.loan_id,
        'principal' as kind,
        loan.accelerated_on as due_date,
        loan.outstanding_base_amt as unpaid_amt
    from loan
    where loan.accelerated_on < $business_date and loan.outstanding_base_amt > 0
),

overdue as (
    select fallen_due.* from fallen_due
    inner join loan on fallen_due.loan_id = loan.loan_id
    union all
    select * from accelerated
),

-- oldest first, days past due begin where the sum reaches 1.00
running as (
    select
        loan_id,
        kind,
        due_date,
        unpaid_amt,
        sum(unpaid_amt) over (
            partition by loan_id
            order by due_date
            range between unbounded preceding and current row
        ) as running_amt,
        sum(unpaid_amt) over (
            partition by loan_id, kind
            order by due_date
            range between unbounded preceding and current row
        ) as kind_running_amt
    from overdue
),

summed as (
    select
        running.loan_id,
        min(case when running.running_amt >= 1 then running.due_date end) as oldest_unpaid_due_date,
        min(case when running.kind = 'principal' and running.kind_running_amt >= 1 then running.due_date end)
            as oldest_principal_due_date,
        min(case when running.kind = 'interest' and running.kind_running_amt >= 1 then running.due_date end)
            as oldest_interest_due_date,
        max(case when loan.accelerated_on < $business_date then loan.outstanding_base_amt end) as accelerated_amt,
        sum(running.unpaid_amt) as overdue_amt
    from running
    inner join loan on running.loan_id = loan.loan_id
    group by running.loan_id
    having max(running.running_amt) >= 1
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
        coalesce(accelerated_amt, overdue_amt) as overdue_amt
    from summed
)

select * from said
