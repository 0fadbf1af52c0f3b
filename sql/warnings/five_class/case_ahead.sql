-- one row per open loan and way to pay it until the day of the forecast: not at all, or what has to be paid that it
-- is no longer overdue by more than a line of policy, and by when; each is a case that the rules judge
-- (macros/five_class.sql)
{% import 'macros/owed.sql' as owed %}
with
class_day as (
    select * from features_loan.class_day
),

setting as (
    select max(case when setting = 'least_overdue_amt' then value end) as least_overdue_amt
    from policy.arrears_setting
),

line as (
    select distinct cast(passed_value as integer) as line_days
    from policy.five_class_floor
    where rule in ('overdue', 'overdue_90', 'overdue_270', 'overdue_360')
),

loan as (
    select
        loan_id,
        client_id
    from features.loan_state
    where status <> 'closed'
),

due_ahead as (
    select * from features.loan_due_ahead
),

running as (
    select
        loan_id,
        due_on,
        {{ owed.running('principal_amt', 'in_full_amt', 'interest_amt', by='loan_id', order='due_on') }} as running_amt
    from due_ahead
),

oldest as (
    select
        running.loan_id,
        min(running.due_on) as due_on
    from running
    cross join setting
    where running.running_amt >= setting.least_overdue_amt
    group by running.loan_id
),

-- what fell due before the day of the forecast less the line would be past the line on that day
passed as (
    select
        oldest.loan_id,
        oldest.due_on,
        line.line_days,
        class_day.forecast_on,
        class_day.forecast_on - line.line_days as through_on
    from oldest
    cross join line
    cross join class_day
    where date_diff('day', oldest.due_on, class_day.forecast_on) > line.line_days
),

-- a line passed on that very day is not left to it: whoever pays then pays on the first day past the line
passed_then as (
    select distinct oldest.loan_id
    from oldest
    cross join class_day
    inner join line on date_diff('day', oldest.due_on, class_day.forecast_on) = line.line_days + 1
),

-- for what leaves no trace the day of the forecast is early enough; for what does, the last day on which the line is
-- not yet passed, unpaid as it is; where that was tonight, the morning's day, before it ends
paid_on as (
    select
        passed.loan_id,
        passed.line_days,
        passed.through_on,
        passed.forecast_on as pay_on,
        passed.forecast_on
    from passed
    left join passed_then on passed.loan_id = passed_then.loan_id
    where passed_then.loan_id is null
    union
    select
        loan_id,
        line_days,
        through_on,
        greatest(due_on + line_days, $morning) as pay_on,
        forecast_on
    from passed
    where due_on + line_days >= $business_date
),

owed as (
    select
        paid_on.loan_id,
        paid_on.line_days,
        paid_on.through_on,
        paid_on.pay_on,
        sum(due_ahead.principal_amt) as principal_amt,
        sum(due_ahead.interest_amt) as interest_amt,
        max(due_ahead.in_full_amt) as in_full_amt,
        min(due_ahead.due_on) as first_due_on,
        max(due_ahead.due_on) as last_due_on
    from paid_on
    inner join due_ahead on paid_on.loan_id = due_ahead.loan_id and paid_on.through_on > due_ahead.due_on
    where paid_on.pay_on >= $morning and paid_on.pay_on <= paid_on.forecast_on
    group by paid_on.loan_id, paid_on.line_days, paid_on.through_on, paid_on.pay_on
),

case_ahead as (
    select
        loan_id as case_id,
        loan_id,
        client_id,
        cast(null as date) as through_on,
        cast(null as date) as pay_on,
        cast(0 as decimal(18, 2)) as pay_amt,
        cast(0 as decimal(18, 2)) as balance_amt,
        cast(null as date) as first_due_on,
        cast(null as date) as last_due_on,
        false as is_in_full
    from loan
    union all
    select
        owed.loan_id || '|' || cast(owed.line_days as varchar) || '|' || cast(owed.pay_on as varchar) as case_id,
        owed.loan_id,
        loan.client_id,
        owed.through_on,
        owed.pay_on,
        cast(greatest(owed.principal_amt, owed.in_full_amt) + owed.interest_amt as decimal(18, 2)) as pay_amt,
        cast(greatest(owed.principal_amt, owed.in_full_amt) as decimal(18, 2)) as balance_amt,
        owed.first_due_on,
        owed.last_due_on,
        owed.in_full_amt > 0 as is_in_full
    from owed
    inner join loan on owed.loan_id = loan.loan_id
)

select * from case_ahead
