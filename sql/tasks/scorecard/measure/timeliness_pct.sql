-- one row per task that was due in the quarter and is not counted by a measure of its own; reds weigh more
{% import 'macros/scorecard.sql' as scorecard %}
with
setting as (
    select max(case when setting = 'red_weight' then value end) as red_weight
    from policy.scorecard_setting
),

task as (
    select * from tasks_scorecard.closed_task
    where kind not in ('contact', 'post_loan_check')
),

weighed as (
    select
        task.*,
        case
            when task.outcome = 'self_reported' then 0
            when task.is_red then setting.red_weight
            else 1
        end as weight
    from task
    cross join setting
),

item as (
    select
        staff_id,
        outcome,
        cast(case when outcome = 'on_time' then weight else 0 end as decimal(18, 4)) as counted,
        cast(weight as decimal(18, 4)) as out_of,
        client_id,
        kind as subject,
        feedback_on as on_date,
        due_on,
        {{ scorecard.lacking('client_id', 'subject', 'on_date', 'due_on') }}
    from weighed
)

select * from item
