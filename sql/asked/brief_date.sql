-- one row per client and date of the coming year that a visit has to know: instalments, maturities, papers, and what
-- secures a loan
with
setting as (
    select max(case when setting = 'brief_dates_days' then value end) as told_days
    from policy.task_setting
),

loan as (
    select * from features.loan_state
    where status = 'active'
),

dated as (
    select
        client_id,
        'instalment' as kind,
        loan_id as subject,
        next_due_date as due_on,
        next_due_amt as amount_amt
    from loan
    where next_due_date is not null
    union all
    select
        client_id,
        'maturity' as kind,
        loan_id as subject,
        maturity_date as due_on,
        outstanding_amt as amount_amt
    from loan
    union all
    select
        client_id,
        kind,
        loan_id as subject,
        due_on,
        cast(null as decimal(18, 2)) as amount_amt
    from care.post_loan_check
    where state in ('open', 'overdue')
    union all
    select
        client_id,
        kind,
        cast(null as varchar) as subject,
        due_on,
        cast(null as decimal(18, 2)) as amount_amt
    from staging.report_due
    where received_on is null and not coalesce(is_receipt_unknown, false)
    union all
    select
        client_id,
        'off_balance' as kind,
        offbalance_id as subject,
        expires_on as due_on,
        cast(amount as decimal(18, 2)) as amount_amt
    from source.offbalance
    -- what has run out is over
    where advanced_on is null and expires_on >= $morning
),

ahead as (
    select dated.*
    from dated
    cross join setting
    where
        date_diff('day', $morning, dated.due_on) <= setting.told_days
        and date_diff('day', dated.due_on, $morning) <= setting.told_days
)

select * from ahead
