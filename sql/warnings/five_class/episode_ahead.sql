-- one row per case (warnings_five_class.case_ahead) and run of arrears up to the day of the forecast: those that are
-- over, and what becomes of tonight's; days past due of that day where the run is open then
-- A run's highest days are reckoned from its oldest date: of two, one of them a technical delay, it may be a few too
-- many.
{% import 'macros/owed.sql' as owed %}
with
class_day as (
    select * from features_loan.class_day
),

setting as (
    select max(case when setting = 'least_overdue_amt' then value end) as least_overdue_amt
    from policy.arrears_setting
),

cases as (
    select * from warnings_five_class.case_ahead
),

earlier as (
    select * from features.loan_overdue_episode
),

-- what stays unpaid in each case; with the balance all principal is paid
left_over as (
    select
        cases.case_id,
        due_ahead.due_on,
        due_ahead.counts_from,
        due_ahead.interest_amt,
        case when cases.is_in_full then 0 else due_ahead.principal_amt end as principal_amt,
        case when cases.is_in_full then 0 else due_ahead.in_full_amt end as in_full_amt
    from cases
    inner join features.loan_due_ahead as due_ahead
        on
            cases.loan_id = due_ahead.loan_id
            and (cases.through_on is null or cases.through_on <= due_ahead.due_on)
),

running as (
    select
        case_id,
        due_on,
        counts_from,
        {{ owed.running('principal_amt', 'in_full_amt', 'interest_amt', by='case_id', order='due_on') }} as due_amt,
        {{ owed.running('principal_amt', 'in_full_amt', 'interest_amt', by='case_id', order='counts_from') }}
            as counted_amt
    from left_over
),

oldest as (
    select
        running.case_id,
        min(case when running.due_amt >= setting.least_overdue_amt then running.due_on end) as due_on,
        min(case when running.counted_amt >= setting.least_overdue_amt then running.counts_from end) as counts_from
    from running
    cross join setting
    group by running.case_id
),

-- until the payment as if nothing were paid, from then on by what is left
faced as (
    select
        cases.case_id,
        cases.loan_id,
        coalesce(cases.pay_on, $morning) as pay_on,
        all_of_it.due_on as whole_due_on,
        coalesce(
            standing.started_on,
            case when all_of_it.counts_from < coalesce(cases.pay_on, $morning) then all_of_it.counts_from end
        ) as started_on,
        standing.max_days,
        rest.due_on as rest_due_on,
        rest.counts_from as rest_from,
        class_day.forecast_on
    from cases
    cross join class_day
    left join oldest as all_of_it on cases.loan_id = all_of_it.case_id
    left join oldest as rest on cases.case_id = rest.case_id
    left join earlier as standing on cases.loan_id = standing.loan_id and standing.ended_on is null
),

met as (
    select
        *,
        coalesce(started_on is not null and rest_from <= pay_on, false) as is_going_on,
        date_diff('day', rest_due_on, forecast_on) as rest_days
    from faced
),

ahead as (
    select
        case_id,
        loan_id,
        started_on,
        case when not is_going_on then pay_on end as ended_on,
        greatest(
            max_days, date_diff('day', whole_due_on, pay_on) - 1, case when is_going_on then rest_days end
        ) as max_days,
        case when is_going_on then rest_days end as days_past_due
    from met
    where started_on is not null
    union all
    select
        case_id,
        loan_id,
        rest_from as started_on,
        cast(null as date) as ended_on,
        rest_days as max_days,
        rest_days as days_past_due
    from met
    where rest_from is not null and not is_going_on
),

episode_ahead as (
    select * from ahead
    union all
    select
        cases.case_id,
        earlier.loan_id,
        earlier.started_on,
        earlier.ended_on,
        earlier.max_days,
        cast(null as bigint) as days_past_due
    from cases
    inner join earlier on cases.loan_id = earlier.loan_id and earlier.ended_on is not null
)

select * from episode_ahead
