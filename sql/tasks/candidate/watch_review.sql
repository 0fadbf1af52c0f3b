-- one row per client on the watch list, from W2 up, whose review comes due, or whose stay has reached its longest
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
setting as (
    select cast(max(case when setting = 'watch_notice_days' then value end) as integer) as notice_days
    from policy.task_setting
),

-- what risk is asked about already is looked at with that
watched as (
    select
        watch.client_id,
        watch.stage,
        watch.since,
        watch.rule,
        watch.review_due,
        watch.stay_until,
        coalesce(watch.stay_until <= $morning, false) as is_over
    from warnings.watch as watch
    inner join policy.watch_stage as stage on watch.stage = stage.stage
    where stage.decide_workdays is not null and watch.decision is distinct from 'pending'
),

due as (
    select
        watched.*,
        case when watched.is_over then watched.stay_until else watched.review_due end as due_on,
        case when watched.is_over then 'watch_stay' else 'watch_review' end as text
    from watched
),

listed as (
    select
        due.client_id,
        'watch_review' as kind,
        due.text as subject,
        cast(due.due_on - setting.notice_days * interval '1' day as date) as started_on,
        due.due_on,
        {{ candidate.lacking('due_on', 'figures') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'stage': 'due.stage',
            'since': 'due.since',
            'why': 'due.rule',
            'date': 'due.due_on',
        }) }} as figures
    from due
    cross join setting
    inner join policy.task_text as task_text on due.text = task_text.text
    where date_diff('day', $morning, due.due_on) <= setting.notice_days
)

select * from listed
