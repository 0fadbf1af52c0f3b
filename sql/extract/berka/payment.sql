-- one row per repayment booked in the ledger (code UVER) on the account of a loan granted before
-- The ledger does not say which instalment a repayment is for: the first pays the oldest, the second the next, and
-- so on, so a loan whose payer begins months late (5314: granted in July 1993, first payment in March 1994) stays
-- months behind. Repayments beyond the plan go to its last instalment.
with raw_loan as (
    select * from loan
),

raw_trans as (
    select * from trans
),

grant_row as (
    select
        cast(loan_id as text) as loan_id,
        cast(account_id as text) as account_id,
        cast(date as text) as grant_day,
        cast(duration as integer) as duration,
        (1900 + cast(substr(cast(date as text), 1, 2) as integer)) * 12
        + cast(substr(cast(date as text), 3, 2) as integer) - 1
        + case when cast(substr(cast(date as text), 5, 2) as integer) < 12 then 0 else 1 end as first_due_month
    from raw_loan
),

repayment as (
    select
        cast(t.trans_id as text) as payment_id,
        g.loan_id,
        g.duration,
        g.first_due_month,
        cast(t.date as text) as paid,
        cast(t.amount as text) as amount,
        row_number() over (
            partition by g.loan_id
            order by cast(t.date as text), cast(t.trans_id as bigint)
        ) as place
    from raw_trans as t
    inner join grant_row as g on cast(t.account_id as text) = g.account_id
    where trim(t.k_symbol) = 'UVER' and trim(t.type) <> 'PRIJEM' and cast(t.date as text) > g.grant_day
),

allotted as (
    select
        payment_id,
        loan_id,
        paid,
        amount,
        first_due_month - 1 + case when place < duration then place else duration end as due_month
    from repayment
),

mapped as (
    select
        payment_id,
        loan_id,
        'principal' as kind,
        amount,
        cast(due_month / 12 as text) || '-' || substr(cast(101 + due_month % 12 as text), 2, 2) || '-12' as due_date,
        '19' || substr(paid, 1, 2) || '-' || substr(paid, 3, 2) || '-' || substr(paid, 5, 2) as paid_on
    from allotted
)

select * from mapped
