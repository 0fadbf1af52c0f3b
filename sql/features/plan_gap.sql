-- one row per rule and instalment, payment or loan on which plan, payments and balance do not agree
with
instalment as (
    select
        *,
        loan_id || '|' || cast(due_date as varchar) || '|' || kind as row_key
    from features_loan.due
),

loan as (
    select * from staging.loan
    where is_open
),

payment as (
    select * from source.payment
    where paid_on <= $business_date
),

-- an instalment that the checks hold back is none that is not there
planned as (
    select loan_id
    from instalment
    union
    select loan_id
    from night.withheld
    where table_name = 'instalment' and column_name is null and loan_id is not null
),

withheld as (
    select distinct row_key
    from night.withheld
    where table_name = 'instalment' and column_name is null
),

gap as (
    select
        'paid_unconfirmed' as rule,
        'instalment' as table_name,
        instalment.row_key,
        loan.loan_id,
        loan.client_id
    from instalment
    inner join loan on instalment.loan_id = loan.loan_id
    where instalment.is_unconfirmed and instalment.is_called_paid
    union all
    select
        'payment_above_due' as rule,
        'instalment' as table_name,
        instalment.row_key,
        loan.loan_id,
        loan.client_id
    from instalment
    inner join loan on instalment.loan_id = loan.loan_id
    where instalment.paid_amt - instalment.due_amt >= 1
    union all
    select
        'due_after_maturity' as rule,
        'instalment' as table_name,
        instalment.row_key,
        loan.loan_id,
        loan.client_id
    from instalment
    inner join loan on instalment.loan_id = loan.loan_id
    where instalment.effective_due_date > loan.effective_maturity_date
    union all
    select
        'payment_without_instalment' as rule,
        'payment' as table_name,
        payment.payment_id as row_key,
        loan.loan_id,
        loan.client_id
    from payment
    inner join loan on payment.loan_id = loan.loan_id
    left join instalment
        on
            payment.loan_id = instalment.loan_id
            and payment.due_date = instalment.due_date
            and payment.kind = instalment.kind
    left join withheld
        on payment.loan_id || '|' || cast(payment.due_date as varchar) || '|' || payment.kind = withheld.row_key
    where instalment.loan_id is null and withheld.row_key is null
    union all
    select
        'balance_without_plan' as rule,
        'loan' as table_name,
        loan.loan_id as row_key,
        loan.loan_id,
        loan.client_id
    from loan
    left join planned on loan.loan_id = planned.loan_id
    where loan.outstanding_amt > 0 and planned.loan_id is null
),

plan_gap as (
    select
        $business_date as business_date,
        *
    from gap
)

select * from plan_gap
