-- one row per client that owes: how many due dates since its stage began each of its loans has met in full (the least
-- of them), and whether anything is overdue; null: not known
with
loan as (
    select
        loan_id,
        client_id,
        days_past_due
    from features.loan_state
    where status <> 'closed' and outstanding_amt > 0
),

stage as (
    select
        client_id,
        since
    from previous.watch
),

due as (
    select
        loan_id,
        effective_due_date as due_date,
        min(case when unpaid_amt = 0 and not coalesce(is_unconfirmed, false) then 1 else 0 end) as is_met
    from features_loan.due
    where effective_due_date <= $business_date
    group by loan_id, effective_due_date
),

met as (
    select
        loan.client_id,
        loan.loan_id,
        sum(case when due.is_met = 1 and due.due_date > stage.since then 1 else 0 end) as periods
    from loan
    left join stage on loan.client_id = stage.client_id
    left join due on loan.loan_id = due.loan_id
    group by loan.client_id, loan.loan_id
),

owing as (
    select
        loan.client_id,
        min(met.periods) as paid_periods,
        max(loan.days_past_due) as days_past_due,
        count(case when loan.days_past_due is null then 1 end) > 0 as is_unknown
    from loan
    inner join met on loan.loan_id = met.loan_id
    group by loan.client_id
)

select * from owing
