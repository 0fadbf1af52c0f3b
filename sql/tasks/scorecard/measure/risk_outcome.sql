-- one row per thing that may cost points of risk outcome, and what it costs: nothing where the person told of it first
{% import 'macros/scorecard.sql' as scorecard %}
with
quarter as (
    select * from tasks_scorecard.quarter
),

setting as (
    select
        max(case when setting = 'unflagged_watch_points' then value end) as watch_points,
        max(case when setting = 'late_red_points' then value end) as late_points,
        max(case when setting = 'unwarned_default_points' then value end) as default_points,
        cast(max(case when setting = 'intensive_level' then value end) as integer) as intensive_level,
        cast(max(case when setting = 'default_days' then value end) as integer) as default_days,
        cast(max(case when setting = 'self_report_days' then value end) as integer) as report_days
    from policy.scorecard_setting
),

owned as (
    select * from tasks_scorecard.owned
),

staged as (
    select distinct
        client_id,
        stage,
        since
    from history.watch
),

-- the first night at which a client needs intensive care; one that needed it before the quarter is none of it
intensive as (
    select
        staged.client_id,
        min(staged.since) as happened_on
    from staged
    inner join policy.watch_stage as watch_stage on staged.stage = watch_stage.stage
    cross join setting
    where watch_stage.level >= setting.intensive_level
    group by staged.client_id
),

unpaid as (
    select
        episode.client_id,
        min(episode.started_on) as started_on
    from features.loan_overdue_episode as episode
    cross join quarter
    cross join setting
    where
        episode.max_days > setting.default_days
        and episode.started_on + setting.default_days between quarter.first_day and quarter.last_day
    group by episode.client_id
),

told_by_nights as (
    select min(first_night) as first_night
    from warnings.score_history
),

alerted as (
    select
        unpaid.client_id,
        max(
            case
                when history.first_night < unpaid.started_on and history.colour in ('amber', 'orange', 'red') then 1
                else 0
            end
        ) = 1 as is_alerted
    from unpaid
    left join warnings.score_history as history on unpaid.client_id = history.client_id
    group by unpaid.client_id
),

happened as (
    select
        'watch' as kind,
        intensive.client_id,
        intensive.happened_on,
        intensive.happened_on as tell_before,
        false as is_alerted,
        true as is_seen
    from intensive
    cross join quarter
    where intensive.happened_on between quarter.first_day and quarter.last_day
    union all
    select
        'default' as kind,
        unpaid.client_id,
        unpaid.started_on + setting.default_days as happened_on,
        -- when arrears run everybody sees them
        unpaid.started_on as tell_before,
        alerted.is_alerted,
        coalesce(told_by_nights.first_night < unpaid.started_on, false) as is_seen
    from unpaid
    cross join setting
    cross join told_by_nights
    inner join alerted on unpaid.client_id = alerted.client_id
),

attributed as (
    select
        owned.staff_id,
        happened.kind,
        happened.client_id,
        happened.happened_on,
        happened.tell_before,
        happened.is_alerted,
        happened.is_seen
    from happened
    inner join owned
        on
            happened.client_id = owned.client_id
            and happened.happened_on >= owned.from_on
            and happened.happened_on <= owned.to_on
),

reported as (
    select
        attributed.staff_id,
        attributed.kind,
        attributed.client_id,
        max(self_report.told_on) as told_on
    from attributed
    cross join setting
    inner join tasks_scorecard.self_report as self_report
        on
            attributed.client_id = self_report.client_id
            and attributed.staff_id = self_report.staff_id
            and attributed.tell_before > self_report.told_on
            and attributed.tell_before - setting.report_days <= self_report.told_on
    group by attributed.staff_id, attributed.kind, attributed.client_id
),

judged as (
    select
        attributed.staff_id,
        attributed.client_id,
        attributed.kind as subject,
        attributed.happened_on as due_on,
        reported.told_on as on_date,
        case
            when reported.told_on is not null then 'self_reported'
            when attributed.is_alerted then 'alerted'
            when not attributed.is_seen then 'not_seen'
            else 'unflagged'
        end as outcome
    from attributed
    left join reported
        on
            attributed.staff_id = reported.staff_id
            and attributed.kind = reported.kind
            and attributed.client_id = reported.client_id
    union all
    select
        staff_id,
        client_id,
        'red_task' as subject,
        due_on,
        feedback_on as on_date,
        outcome
    from tasks_scorecard.closed_task
    where is_red and outcome in ('late', 'self_reported')
),

item as (
    select
        judged.staff_id,
        judged.outcome,
        cast(
            case
                when judged.outcome = 'unflagged' and judged.subject = 'watch' then setting.watch_points
                when judged.outcome = 'unflagged' then setting.default_points
                when judged.outcome = 'late' then setting.late_points
                else 0
            end as decimal(18, 4)
        ) as counted,
        cast(1 as decimal(18, 4)) as out_of,
        judged.client_id,
        judged.subject,
        judged.on_date,
        judged.due_on,
        {{ scorecard.lacking('client_id', 'subject', 'on_date', 'due_on') }}
    from judged
    cross join setting
)

select * from item
