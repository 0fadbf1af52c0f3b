-- one row per branch and indicator whose warnings were answered lately: how many were false alarms by two people's
-- word, and whether its threshold is proposed for review
with
setting as (
    select
        cast(max(case when setting = 'false_alarm_days' then value end) as integer) as days,
        max(case when setting = 'false_alarm_least' then value end) as least_count,
        max(case when setting = 'false_alarm_share_pct' then value end) as least_share_pct
    from policy.weekly_setting
),

answered as (
    select
        task.branch_id,
        task.indicator,
        feedback.status
    from staging.task_feedback as feedback
    cross join setting
    inner join tasks_weekly.task_seen as task on feedback.task_key = task.task_key
    where
        task.indicator is not null
        and feedback.status in ('done', 'false_alarm')
        and feedback.done_on between $business_date - setting.days and $business_date
),

counted as (
    select
        branch_id,
        indicator,
        cast(count(*) as integer) as answered_count,
        cast(sum(case when status = 'false_alarm' then 1 else 0 end) as integer) as false_count
    from answered
    group by branch_id, indicator
),

shared as (
    select
        counted.*,
        cast(100.0 * false_count / nullif(answered_count, 0) as decimal(9, 2)) as false_share_pct
    from counted
),

false_alarm as (
    select
        shared.branch_id,
        shared.indicator,
        text.name_zh as indicator_name,
        text.name_en as indicator_name_en,
        rule.amber_value,
        rule.red_value,
        shared.answered_count,
        shared.false_count,
        shared.false_share_pct,
        shared.answered_count >= setting.least_count
        and coalesce(shared.false_share_pct >= setting.least_share_pct, false) as is_proposed
    from shared
    cross join setting
    left join policy.indicator as rule on shared.indicator = rule.indicator
    left join policy.indicator_text as text on shared.indicator = text.indicator
)

select * from false_alarm
