-- one row per loan and maximal run of days past due that touches the last 365 days
with
instalment as (
    select * from staging.instalment
),

loan as (
    select * from staging.loan
),

payment as (
    select * from source.payment
    where paid_on <= $business_date
),

paid_in_order as (
    select
        instalment.loan_id,
        instalment.due_date,
        instalment.kind,
        instalment.effective_due_date,
        instalment.technical_reason,
        instalment.due_amt,
        instalment.unpaid_amt,
        instalment.last_paid_on,
        loan.client_id,
        loan.rate
    from instalment
    inner join loan on instalment.loan_id = loan.loan_id
    where instalment.effective_due_date < $business_date
),

settling as (
    select
        paid_in_order.loan_id,
        paid_in_order.due_date,
        paid_in_order.kind,
        payment.paid_on,
        paid_in_order.due_amt,
        sum(payment.amount * paid_in_order.rate) over (
            partition by paid_in_order.loan_id, paid_in_order.due_date, paid_in_order.kind
            order by payment.paid_on
            range between unbounded preceding and current row
        ) as paid_amt
    from paid_in_order
    inner join payment
        on
            paid_in_order.loan_id = payment.loan_id
            and paid_in_order.due_date = payment.due_date
            and paid_in_order.kind = payment.kind
),

settled as (
    select
        loan_id,
        due_date,
        kind,
        min(paid_on) as settled_on
    from settling
    where due_amt - paid_amt < 1
    group by loan_id, due_date, kind
),

-- an instalment is past due from the day after it was due until the day it is paid in full
late as (
    select
        paid_in_order.loan_id,
        paid_in_order.client_id,
        paid_in_order.effective_due_date as due_on,
        case
            when paid_in_order.unpaid_amt >= 1 then null
            else coalesce(settled.settled_on, paid_in_order.last_paid_on, paid_in_order.effective_due_date)
        end as settled_on,
        paid_in_order.technical_reason
    from paid_in_order
    left join settled
        on
            paid_in_order.loan_id = settled.loan_id
            and paid_in_order.due_date = settled.due_date
            and paid_in_order.kind = settled.kind
),

counted as (
    select
        loan_id,
        client_id,
        due_on,
        cast(due_on + interval '1' day as date) as started_on,
        coalesce(settled_on, $morning) as end_on,
        settled_on is null as is_open
    from late
    where
        coalesce(settled_on, $morning) > cast(due_on + interval '1' day as date)
        and coalesce(date_diff('day', settled_on, $business_date) < 365, true)
        and not (
            coalesce(technical_reason, '') <> ''
            and date_diff('day', due_on, coalesce(settled_on, $business_date)) <= 7
        )
),

-- runs that touch or overlap are one
in_order as (
    select
        *,
        max(end_on) over (
            partition by loan_id
            order by started_on, end_on
            rows between unbounded preceding and 1 preceding
        ) as earlier_end
    from counted
),

numbered as (
    select
        *,
        sum(case when earlier_end is null or started_on > earlier_end then 1 else 0 end) over (
            partition by loan_id
            order by started_on, end_on
            rows between unbounded preceding and current row
        ) as run
    from in_order
),

runs as (
    select
        loan_id,
        client_id,
        min(started_on) as started_on,
        case when max(case when is_open then 1 else 0 end) = 0 then max(end_on) end as ended_on,
        max(date_diff('day', due_on, end_on) - 1) as max_days
    from numbered
    group by loan_id, client_id, run
)

select * from runs
