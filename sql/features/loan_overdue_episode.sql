-- one row per loan and maximal run of days past due that touches the last years (policy episode_days)
-- Each day is judged as the night's own date is (features_loan.arrears): by what was unpaid at the end of that day.
{% import 'macros/owed.sql' as owed %}
with
setting as (
    select
        cast(max(case when setting = 'technical_days' then value end) as integer) as technical_days,
        max(case when setting = 'least_overdue_amt' then value end) as least_overdue_amt,
        cast(max(case when setting = 'episode_days' then value end) as integer) as episode_days
    from policy.arrears_setting
),

loan as (
    select
        loan_id,
        client_id,
        rate,
        outstanding_base_amt,
        due_in_full_on,
        coalesce(is_open, true) as is_open
    from staging.loan
),

paid as (
    select
        payment.loan_id,
        payment.due_date,
        payment.kind,
        payment.paid_on,
        cast(sum(payment.amount) * max(loan.rate) as decimal(18, 2)) as paid_amt
    from source.payment as payment
    inner join loan on payment.loan_id = loan.loan_id
    where payment.paid_on <= $business_date
    group by payment.loan_id, payment.due_date, payment.kind, payment.paid_on
),

-- only what was not paid by its due date can have been late; what a closed loan left unpaid was settled with it
late as (
    select
        due.loan_id,
        due.due_date,
        due.kind,
        due.effective_due_date as due_on,
        due.due_amt,
        due.due_amt - due.unpaid_amt as paid_amt,
        due.last_paid_on,
        coalesce(due.technical_reason, '') <> '' as is_technical
    from features_loan.due as due
    inner join loan on due.loan_id = loan.loan_id
    where
        due.effective_due_date < $business_date
        and (due.unpaid_amt > 0 or due.last_paid_on > due.effective_due_date)
        and (loan.is_open or due.unpaid_amt = 0)
        and not coalesce(due.is_unconfirmed, false)
),

technical as (
    select distinct
        loan_id,
        effective_due_date as due_on
    from features_loan.due
    where coalesce(technical_reason, '') <> ''
),

late_paid as (
    select paid.*
    from paid
    inner join late
        on paid.loan_id = late.loan_id and paid.due_date = late.due_date and paid.kind = late.kind
),

told as (
    select
        loan_id,
        due_date,
        kind,
        sum(paid_amt) as paid_amt
    from late_paid
    group by loan_id, due_date, kind
),

-- what no payment row tells was paid in one sum: on the instalment's own date, or before the rows begin
event as (
    select
        loan_id,
        due_date,
        kind,
        paid_on,
        paid_amt
    from late_paid
    union all
    select
        late.loan_id,
        late.due_date,
        late.kind,
        case when told.loan_id is null then coalesce(late.last_paid_on, late.due_on) else late.due_on end as paid_on,
        late.paid_amt - coalesce(told.paid_amt, 0) as paid_amt
    from late
    left join told on late.loan_id = told.loan_id and late.due_date = told.due_date and late.kind = told.kind
    where late.paid_amt > coalesce(told.paid_amt, 0)
),

-- a payment that was taken back later never stood: of all that follows a day, the least total is what stayed paid
totalled as (
    select
        loan_id,
        due_date,
        kind,
        paid_on,
        sum(paid_amt) over (
            partition by loan_id, due_date, kind
            order by paid_on
            range between unbounded preceding and current row
        ) as total_amt
    from event
),

stood as (
    select
        loan_id,
        due_date,
        kind,
        paid_on,
        min(total_amt) over (
            partition by loan_id, due_date, kind
            order by paid_on
            range between current row and unbounded following
        ) as paid_amt
    from totalled
),

-- once called or matured the whole balance is due
owed as (
    select
        loan_id,
        due_date,
        kind,
        due_on,
        due_amt,
        is_technical
    from late
    union all
    select
        loan.loan_id,
        loan.due_in_full_on as due_date,
        'in_full' as kind,
        loan.due_in_full_on as due_on,
        loan.outstanding_base_amt as due_amt,
        technical.loan_id is not null as is_technical
    from loan
    left join technical on loan.loan_id = technical.loan_id and loan.due_in_full_on = technical.due_on
    where loan.is_open and loan.due_in_full_on < $business_date and loan.outstanding_base_amt > 0
),

-- the days on which anything can change
point as (
    select
        loan_id,
        due_on + 1 as day
    from owed
    union
    select
        owed.loan_id,
        owed.due_on + setting.technical_days + 1 as day
    from owed
    cross join setting
    where owed.is_technical
    union
    select
        loan_id,
        paid_on as day
    from event
),

unpaid as (
    select
        point.loan_id,
        point.day,
        owed.due_date,
        owed.kind,
        owed.due_on,
        owed.due_amt - greatest(coalesce(max(stood.paid_amt), 0), 0) as unpaid_amt
    from point
    cross join setting
    inner join owed
        on
            point.loan_id = owed.loan_id
            and point.day > owed.due_on
            and (not owed.is_technical or point.day > owed.due_on + setting.technical_days)
    left join stood
        on
            owed.loan_id = stood.loan_id
            and owed.due_date = stood.due_date
            and owed.kind = stood.kind
            and point.day >= stood.paid_on
    where point.day <= $business_date
    group by point.loan_id, point.day, owed.due_date, owed.kind, owed.due_on, owed.due_amt
),

running as (
    select
        loan_id,
        day,
        due_on,
        {{ owed.running(
            "case when kind = 'principal' then greatest(unpaid_amt, 0) else 0 end",
            "case when kind = 'in_full' then unpaid_amt else 0 end",
            "case when kind not in ('principal', 'in_full') then greatest(unpaid_amt, 0) else 0 end",
            by='loan_id, day',
            order='due_on'
        ) }} as running_amt
    from unpaid
),

oldest as (
    select
        running.loan_id,
        running.day,
        min(running.due_on) as due_on
    from running
    cross join setting
    where running.running_amt >= setting.least_overdue_amt
    group by running.loan_id, running.day
),

stretch as (
    select
        point.loan_id,
        point.day,
        oldest.due_on,
        coalesce(lead(point.day) over (partition by point.loan_id order by point.day), $morning) as next_day,
        lag(oldest.due_on) over (partition by point.loan_id order by point.day) as earlier_due_on
    from point
    left join oldest on point.loan_id = oldest.loan_id and point.day = oldest.day
    where point.day <= $business_date
),

numbered as (
    select
        loan_id,
        day,
        due_on,
        next_day,
        sum(case when due_on is not null and earlier_due_on is null then 1 else 0 end) over (
            partition by loan_id
            order by day
            rows between unbounded preceding and current row
        ) as run
    from stretch
),

run as (
    select
        numbered.loan_id,
        loan.client_id,
        min(numbered.day) as started_on,
        nullif(max(numbered.next_day), $morning) as ended_on,
        max(date_diff('day', numbered.due_on, numbered.next_day) - 1) as max_days
    from numbered
    inner join loan on numbered.loan_id = loan.loan_id
    where numbered.due_on is not null
    group by numbered.loan_id, loan.client_id, numbered.run
),

recent as (
    select run.*
    from run
    cross join setting
    where run.ended_on is null or run.ended_on > $business_date - setting.episode_days
)

select * from recent
