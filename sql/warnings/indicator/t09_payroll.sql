-- one row per company that usually pays wages from here: T09, how far the last run lies below the six months before,
-- and how late this month's is. A month's run is whole once it has had its usual number of days
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/month.sql' as months %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T09'
),

amount as (
    select coalesce(max(amber_amt), 0) as amber_amt
    from policy.indicator_amount
    where indicator = 'T09'
),

setting as (
    select
        cast(max(case when setting = 'usual_months' then value end) as integer) as usual_months,
        max(case when setting = 'usual_least_months' then value end) as least_months,
        max(case when setting = 'payroll_late_workdays' then value end) as late_workdays
    from policy.signal_setting
),

client as (
    select * from staging.client
    where not is_natural_person
),

span as (
    select * from features.client_span
),

run as (
    select
        flow.client_id,
        {{ months.number('flow.booked_on') }} as number,
        count(*) as day_count,
        sum(flow.payroll_amt) as payroll_amt,
        min(flow.booked_on) as first_on,
        max(flow.booked_on) as last_on
    from features.client_flow_day as flow
    inner join client on flow.client_id = client.client_id
    where flow.payroll_count > 0
    group by flow.client_id, {{ months.number('flow.booked_on') }}
),

last_run as (
    select
        client_id,
        max(number) as number,
        max(last_on) as last_on
    from run
    group by client_id
),

-- the last month with wages, and the one before it where that one may not be whole
stepped as (
    select
        last_run.client_id,
        last_run.last_on,
        last_run.number - step.back as number,
        step.back
    from last_run
    cross join (values (0), (1)) as step (back)
),

candidate as (
    select
        stepped.client_id,
        stepped.last_on,
        stepped.number,
        stepped.back,
        run.day_count,
        run.payroll_amt
    from stepped
    inner join run on stepped.client_id = run.client_id and stepped.number = run.number
),

usual as (
    select
        candidate.client_id,
        candidate.number,
        count(*) as month_count,
        cast(avg(earlier.payroll_amt) as decimal(18, 2)) as mean_amt,
        cast(quantile_cont(earlier.payroll_amt, 0.5) as decimal(18, 2)) as middle_amt,
        cast(avg(earlier.day_count) as decimal(18, 4)) as day_count,
        cast(avg(day(earlier.first_on)) as decimal(18, 4)) as first_day
    from candidate
    cross join setting
    inner join run as earlier
        on
            candidate.client_id = earlier.client_id
            and candidate.number > earlier.number
            and candidate.number - setting.usual_months <= earlier.number
    group by candidate.client_id, candidate.number
),

compared as (
    select
        candidate.*,
        usual.month_count,
        usual.mean_amt,
        usual.middle_amt,
        usual.first_day,
        row_number() over (partition by candidate.client_id order by candidate.back asc) as place
    from candidate
    inner join usual on candidate.client_id = usual.client_id and candidate.number = usual.number
    where
        candidate.number < {{ months.number('$business_date') }}
        or candidate.day_count >= round(usual.day_count, 0)
),

chosen as (
    select * from compared
    where place = 1
),

-- the day on which wages are usual, in this month and in the last one; of the two the one that has come
expected as (
    select
        chosen.client_id,
        step.back,
        {{ months.number('$business_date') }} - step.back as number,
        {{ months.first_day_of(months.number('$business_date') ~ ' - step.back') }}
        + cast(round(chosen.first_day, 0) as integer) - 1 as expected_on
    from chosen
    cross join (values (0), (1)) as step (back)
),

timed as (
    select
        expected.client_id,
        expected.back,
        now_paid.workday_index - due.workday_index as late_workdays,
        row_number() over (partition by expected.client_id order by expected.back asc) as place
    from expected
    left join run on expected.client_id = run.client_id and expected.number = run.number
    inner join night.calendar as due on expected.expected_on = due.day
    inner join night.calendar as now_paid on coalesce(run.first_on, $business_date) = now_paid.day
    where run.first_on is not null or expected.expected_on <= $business_date
),

late as (
    select * from timed
    where place = 1
),

measured as (
    select
        chosen.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        span.covered_365d_days >= rule.min_days as is_assessed,
        100 * (
            1 - cast(chosen.payroll_amt / nullif(least(chosen.mean_amt, chosen.middle_amt), 0) as decimal(18, 6))
        ) as value,
        chosen.mean_amt as baseline,
        coalesce(late.late_workdays, 0) as second_value,
        span.last_data_date as data_date,
        'client_flow_day:' || chosen.client_id as source_keys,
        chosen.last_on,
        coalesce(late.late_workdays > setting.late_workdays, false) as is_late,
        date_diff('day', chosen.last_on, least(span.last_data_date, $business_date)) >= rule.second_red as has_stopped
    from chosen
    cross join rule
    cross join amount
    cross join setting
    inner join span on chosen.client_id = span.client_id
    left join late on chosen.client_id = late.client_id
    where
        (chosen.month_count >= setting.least_months or span.covered_365d_days < rule.min_days)
        and chosen.mean_amt >= amount.amber_amt
),

{{ indicator.judge(
    amber_if='measured.is_assessed',
    amber_too='measured.is_assessed and measured.is_late',
    red_too='measured.is_assessed and measured.has_stopped',
    red_threshold='case when measured.has_stopped then rule.second_red else rule.red_value end',
    reason_case="case
            when measured.has_stopped then 'stopped'
            when measured.value < rule.amber_value then 'late'
        end",
    detail='measured.last_on',
    unread_case="'short_history'"
) }}

select * from worst
