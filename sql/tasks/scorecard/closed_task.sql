-- one row per task that was due in the quarter: whose it was on its day, and whether it was answered by then
-- Passing a task on does not answer it: its day is then the new owner's. What fell away before its day was never owed.
-- A warning that rests on what the same person had reported is not held against anybody who answers it late.
with
quarter as (
    select * from tasks_scorecard.quarter
),

setting as (
    select cast(max(case when setting = 'self_report_days' then value end) as integer) as report_days
    from policy.scorecard_setting
),

seen as (
    select
        task_key,
        client_id,
        owner_id,
        kind,
        severity,
        indicator,
        started_on,
        due_on,
        status,
        feedback_on,
        business_date
    from history.task
),

newest_first as (
    select
        seen.*,
        row_number() over (partition by task_key order by business_date desc) as place
    from seen
),

newest as (
    select newest_first.*
    from newest_first
    cross join quarter
    where newest_first.place = 1 and newest_first.due_on between quarter.first_day and quarter.last_day
),

-- a day of grace for nobody: who was asked on the last night up to the day that it was due
asked_first as (
    select
        seen.task_key,
        seen.owner_id,
        row_number() over (
            partition by seen.task_key
            order by
                case when seen.business_date <= newest.due_on then 0 else 1 end asc,
                case when seen.business_date <= newest.due_on then seen.business_date end desc,
                seen.business_date asc
        ) as place
    from seen
    inner join newest on seen.task_key = newest.task_key
),

asked as (
    select
        task_key,
        owner_id
    from asked_first
    where place = 1
),

observed as (
    select indicator
    from policy.indicator
    where family = 'observed'
),

told as (
    select
        newest.task_key,
        max(case when self_report.told_on is null then 0 else 1 end) = 1 as is_told
    from newest
    inner join observed on newest.indicator = observed.indicator
    inner join asked on newest.task_key = asked.task_key
    cross join setting
    left join tasks_scorecard.self_report as self_report
        on
            newest.client_id = self_report.client_id
            and asked.owner_id = self_report.staff_id
            and newest.due_on >= self_report.told_on
            and newest.due_on - setting.report_days <= self_report.told_on
    group by newest.task_key
),

judged as (
    select
        newest.task_key,
        newest.client_id,
        asked.owner_id as staff_id,
        newest.kind,
        newest.due_on,
        newest.feedback_on,
        coalesce(newest.severity = 'red', false) as is_red,
        coalesce(told.is_told, false) as is_told,
        case
            when newest.status in ('done', 'false_alarm') and newest.feedback_on <= newest.due_on then 'on_time'
            when newest.status in ('done', 'false_alarm') then 'late'
            when newest.business_date >= newest.due_on then 'late'
            else 'fell_away'
        end as state
    from newest
    inner join asked on newest.task_key = asked.task_key
    left join told on newest.task_key = told.task_key
),

closed_task as (
    select
        task_key,
        client_id,
        staff_id,
        kind,
        due_on,
        feedback_on,
        is_red,
        case when state = 'late' and is_told then 'self_reported' else state end as outcome
    from judged
    where state <> 'fell_away'
)

select * from closed_task
