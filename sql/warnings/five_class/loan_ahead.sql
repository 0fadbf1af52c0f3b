-- one row per case (warnings_five_class.case_ahead): the loan as the day of the forecast will find it, with its days
-- past due then (null: not known); exposure is tonight's less the balance that is paid
with
setting as (
    select max(case when setting = 'least_overdue_amt' then value end) as least_overdue_amt
    from policy.arrears_setting
),

past_due as (
    select
        case_id,
        max(days_past_due) as days_past_due
    from warnings_five_class.episode_ahead
    where ended_on is null
    group by case_id
),

due_ahead as (
    select
        loan_id,
        sum(unconfirmed_amt) as unconfirmed_amt,
        sum(in_full_amt) as in_full_amt
    from features.loan_due_ahead
    group by loan_id
),

-- of what the plan alone calls paid nobody knows; nor of a balance without a plan, until the whole of it is due
loan as (
    select
        loan.loan_id,
        loan.client_id,
        loan.status,
        loan.asset_class,
        loan.ead_amt,
        loan.is_assessed,
        loan.start_date,
        loan.refinances_loan_id,
        loan.is_assessed
        and not coalesce(loan.has_unconfirmed, false)
        and coalesce(due_ahead.unconfirmed_amt < setting.least_overdue_amt, true)
        and (loan.days_past_due is not null or coalesce(due_ahead.in_full_amt > 0, false)) as is_known
    from features.loan_state as loan
    cross join setting
    left join due_ahead on loan.loan_id = due_ahead.loan_id
    where loan.status <> 'closed'
),

loan_ahead as (
    select
        cases.case_id,
        loan.loan_id,
        loan.client_id,
        loan.status,
        loan.asset_class,
        cast(greatest(loan.ead_amt - cases.balance_amt, 0) as decimal(18, 2)) as ead_amt,
        loan.is_assessed,
        loan.start_date,
        loan.refinances_loan_id,
        loan.is_known,
        case when loan.is_known or past_due.days_past_due > 0 then coalesce(past_due.days_past_due, 0) end
            as days_past_due,
        cases.pay_on,
        cases.pay_amt,
        cases.first_due_on,
        cases.last_due_on
    from warnings_five_class.case_ahead as cases
    inner join loan on cases.loan_id = loan.loan_id
    left join past_due on cases.case_id = past_due.case_id
)

select * from loan_ahead
