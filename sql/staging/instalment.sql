-- one row per instalment of a loan that exists: when it is due, what of it is paid on the business date, and whether
-- plan and payments agree on that
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
        max(paid_on) as last_paid_on,
        max(case when amount < 0 then paid_on end) as reversed_on
    from payment
    group by loan_id, due_date, kind
),

-- payments are whole from the first one that the table holds; what was paid before it stands in the instalment
history as (
    select
        min(paid_on) as first_paid_on,
        max(paid_on) as last_known_on
    from payment
),

-- of a table that is no longer supplied nights still hold the rows up to its last one
payment_table as (
    select is_supplied
    from night.supplied
    where table_name = 'payment'
),

rolled as (
    select * from staging.rolled_day
),

plan_column as (
    select count(*) as tell_payment
    from night.supplied_column
    where table_name = 'instalment' and column_name in ('paid_amt', 'paid_on')
),

-- then the plan alone tells, if it calls paid, with a day, what the payments up to there had paid
plan_word as (
    select count(*) as silent_count
    from instalment
    inner join paid
        on
            instalment.loan_id = paid.loan_id
            and instalment.due_date = paid.due_date
            and instalment.kind = paid.kind
    where instalment.paid_on is null and paid.paid_amt >= instalment.due_amt and instalment.due_amt > 0
),

dated as (
    select
        instalment.loan_id,
        instalment.due_date,
        instalment.kind,
        instalment.due_amt,
        instalment.technical_reason,
        instalment.paid_amt as stated_amt,
        instalment.paid_on as stated_on,
        paid.paid_amt as told_amt,
        paid.reversed_on,
        history.first_paid_on,
        not payment_table.is_supplied and history.first_paid_on is not null as is_stopped,
        coalesce(
            not payment_table.is_supplied
            and instalment.paid_on > history.last_known_on
            and instalment.paid_on <= $business_date,
            false
        ) as is_paid_since,
        plan_word.silent_count,
        plan_column.tell_payment,
        loan.rate,
        case
            when loan.day_roll = 'next_workday' then coalesce(rolled.next_workday, instalment.due_date)
            else instalment.due_date
        end as effective_due_date,
        -- where both say the same last payment, what the instalment says on top was paid before the table began
        greatest(coalesce(paid.paid_amt, 0), 0) + case
            when
                paid.paid_amt is null
                and instalment.paid_on <= $business_date
                and coalesce(instalment.paid_on < history.first_paid_on, true)
                then coalesce(instalment.paid_amt, 0)
            -- paid, no day said: had it been since the table began, the table would hold it
            when paid.paid_amt is null and instalment.paid_on is null and instalment.due_date < history.first_paid_on
                then coalesce(instalment.paid_amt, 0)
            when instalment.paid_on = paid.last_paid_on and instalment.due_date < history.first_paid_on
                then greatest(coalesce(instalment.paid_amt, 0) - paid.paid_amt, 0)
            else 0
        end as paid_amt,
        coalesce(
            paid.last_paid_on,
            case
                when
                    instalment.paid_on <= $business_date
                    and coalesce(instalment.paid_on < history.first_paid_on, true)
                    then instalment.paid_on
            end
        ) as last_paid_on
    from instalment
    inner join loan on instalment.loan_id = loan.loan_id
    cross join history
    cross join payment_table
    cross join plan_word
    cross join plan_column
    left join rolled on instalment.due_date = rolled.day
    left join paid
        on
            instalment.loan_id = paid.loan_id
            and instalment.due_date = paid.due_date
            and instalment.kind = paid.kind
),

-- what an instalment says, with its day, was paid since payments stopped
continued as (
    select
        loan_id,
        due_date,
        kind,
        due_amt,
        technical_reason,
        stated_amt,
        stated_on,
        told_amt,
        reversed_on,
        first_paid_on,
        is_stopped,
        silent_count,
        tell_payment,
        rate,
        effective_due_date,
        case when is_paid_since then greatest(paid_amt, coalesce(stated_amt, 0)) else paid_amt end as paid_amt,
        case when is_paid_since and stated_amt > paid_amt then stated_on else last_paid_on end as last_paid_on
    from dated
),

-- what the plan calls paid and neither a payment nor a day confirms is not taken for unpaid: it is not known. A payment
-- that was taken back after the day that the plan names says more than the plan. Nor is it known where payments stopped
-- and the plan does not tell of them.
confirmed as (
    select
        *,
        due_amt > paid_amt
        and coalesce(stated_on <= $business_date, true)
        and (
            stated_amt > paid_amt and not coalesce(reversed_on >= coalesce(stated_on, reversed_on), false)
            or stated_on is not null and stated_amt is null and told_amt is null
            or tell_payment = 0 and told_amt is null and coalesce(due_date < first_paid_on, true)
            or is_stopped and (tell_payment < 2 or silent_count > 0)
        ) as is_unconfirmed
    from continued
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
        last_paid_on,
        reversed_on,
        coalesce(is_unconfirmed, false) as is_unconfirmed,
        coalesce(stated_amt > 0, false) or stated_on is not null as is_called_paid
    from confirmed
)

select * from open_amount
