-- one row per instalment of a loan that exists: when it is due, and what of it is paid on the business date
-- noqa: disable=LT02
{% import 'macros/money.sql' as money %}
with
instalment as (
    select * from source.instalment
),

loan as (
    select * from staging.loan
),

payment as (
    select * from source.payment
    where paid_on <= $business_date
),

paid as (
    select
        loan_id,
        due_date,
        kind,
        sum(amount) as paid_amt,
        max(paid_on) as last_paid_on
    from payment
    group by loan_id, due_date, kind
),

-- payments are whole from the first one that the table holds; what was paid before it stands in the instalment
history as (
    select min(paid_on) as first_paid_on
    from payment
),

rolled as (
    select
        calendar.day,
        min(workday.day) as next_workday
    from night.calendar as calendar
    inner join night.calendar as workday
        on
            workday.is_workday
            and workday.workday_index = calendar.workday_index + case when calendar.is_workday then 0 else 1 end
    group by calendar.day
),

dated as (
    select
        instalment.loan_id,
        instalment.due_date,
        instalment.kind,
        instalment.due_amt,
        instalment.technical_reason,
        loan.rate,
        case
            when loan.day_roll = 'next_workday' then coalesce(rolled.next_workday, instalment.due_date)
            else instalment.due_date
        end as effective_due_date,
        -- where both say the same last payment, what the instalment says on top was paid before the table began
        coalesce(paid.paid_amt, 0) + case
            when paid.paid_amt is null
                and instalment.paid_on <= $business_date
                and coalesce(instalment.paid_on < history.first_paid_on, true)
                then coalesce(instalment.paid_amt, 0)
            when instalment.paid_on = paid.last_paid_on and instalment.due_date < history.first_paid_on
                then greatest(coalesce(instalment.paid_amt, 0) - paid.paid_amt, 0)
            else 0
        end as paid_amt,
        coalesce(
            paid.last_paid_on,
            case
                when instalment.paid_on <= $business_date
                    and coalesce(instalment.paid_on < history.first_paid_on, true)
                    then instalment.paid_on
            end
        ) as last_paid_on
    from instalment
    inner join loan on instalment.loan_id = loan.loan_id
    cross join history
    left join rolled on instalment.due_date = rolled.day
    left join paid
        on
            instalment.loan_id = paid.loan_id
            and instalment.due_date = paid.due_date
            and instalment.kind = paid.kind
),

open_amount as (
    select
        loan_id,
        due_date,
        kind,
        effective_due_date,
        technical_reason,
        {{ money.in_base('due_amt', 'rate') }} as due_amt,
        {{ money.in_base('paid_amt', 'rate') }} as paid_amt,
        {{ money.in_base('greatest(due_amt - paid_amt, 0)', 'rate') }} as unpaid_amt,
        last_paid_on
    from dated
)

select * from open_amount
