-- one row per client with a loan that will be bad on the last day of the quarter unless something is paid by a date
{% import 'macros/candidate.sql' as candidate %}
-- that is near: what all its loans take, by the first of their dates
{% import 'macros/words.sql' as words %}
with
setting as (
    select cast(max(case when setting = 'forecast_notice_days' then value end) as integer) as notice_days
    from policy.five_class_setting
),

class as (
    select * from policy.asset_class
),

-- that an instalment which is not due yet would be overdue if it were never paid is no news: told is what will be bad
threatened as (
    select
        forecast.client_id,
        forecast.loan_id,
        forecast.forecast_class,
        forecast.forecast_reason,
        forecast.forecast_rank,
        forecast.forecast_on,
        forecast.cure_amt,
        forecast.cure_by,
        forecast.first_due_on,
        forecast.last_due_on,
        forecast.cured_class
    from warnings.loan_forecast as forecast
    cross join setting
    inner join warnings.loan_floor as loan_floor on forecast.loan_id = loan_floor.loan_id
    inner join class on forecast.forecast_class = class.asset_class and class.is_bad
    where
        forecast.forecast_rank > loan_floor.floor_rank
        and loan_floor.asset_class is not null
        and date_diff('day', $morning, forecast.cure_by) <= setting.notice_days
),

-- what is paid for other loans is counted with them
worst_first as (
    select
        threatened.*,
        row_number() over (
            partition by client_id
            order by case when first_due_on is null then 1 else 0 end asc, forecast_rank desc, cure_by asc, loan_id asc
        ) as place,
        count(*) over (partition by client_id) as loans,
        coalesce(
            sum(case when first_due_on is not null then cure_amt end) over (partition by client_id),
            max(cure_amt) over (partition by client_id)
        ) as pay_amt,
        min(cure_by) over (partition by client_id) as pay_by
    from threatened
),

standing as (
    select
        client_id,
        subject,
        min(started_on) as started_on
    from previous.task
    where kind = 'class_forecast'
    group by client_id, subject
),

due as (
    select
        worst_first.*,
        loan_state.project_id,
        five_class_floor.passed_value,
        cast(worst_first.forecast_on as varchar) || '/' || worst_first.loan_id as subject,
        case when worst_first.loans > 1 then 'class_forecast_several' else 'class_forecast' end as text,
        coalesce(last_workday.day, worst_first.pay_by) as due_on
    from worst_first
    inner join features.loan_state as loan_state on worst_first.loan_id = loan_state.loan_id
    inner join policy.five_class_floor as five_class_floor on worst_first.forecast_reason = five_class_floor.rule
    left join night.calendar as last_day on worst_first.pay_by = last_day.day
    left join night.calendar as last_workday
        on last_workday.is_workday and last_day.workday_index = last_workday.workday_index
    where worst_first.place = 1
),

listed as (
    select
        due.client_id,
        'class_forecast' as kind,
        due.subject,
        coalesce(standing.started_on, $business_date) as started_on,
        due.due_on,
        true as is_deadline,
        due.loan_id,
        due.project_id,
        {{ candidate.lacking('due_on', 'is_deadline', 'loan_id', 'project_id', 'figures') }},
        task_text.reason_zh || rule_text.name_zh as reason_zh,
        task_text.reason_en || ' ' || rule_text.name_en as reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'loan': 'due.loan_id',
            'loans': 'due.loans',
            'amount': 'due.pay_amt',
            'by': 'due.pay_by',
            'on': 'due.forecast_on',
            'forecast': 'due.forecast_class',
            'cured': 'due.cured_class',
            'last': 'due.last_due_on',
            'passed': 'due.passed_value',
        }) }} as figures
    from due
    inner join policy.five_class_floor_text as rule_text on due.forecast_reason = rule_text.rule
    inner join policy.task_text as task_text on due.text = task_text.text
    left join standing on due.client_id = standing.client_id and due.subject = standing.subject
)

select * from listed
