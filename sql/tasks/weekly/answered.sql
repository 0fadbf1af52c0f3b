-- one row per task that was answered in the last seven days: by whom, and whether by its day; passing it on is
-- no answer
with
answered as (
    select
        task.branch_id,
        feedback.staff_id,
        task.client_id,
        task.kind,
        coalesce(task.severity = 'red', false) as is_red,
        feedback.status,
        feedback.done_on,
        task.due_on,
        feedback.done_on <= task.due_on as is_in_time
    from staging.task_feedback as feedback
    inner join tasks_weekly.task_seen as task on feedback.task_key = task.task_key
    where
        feedback.status in ('done', 'false_alarm')
        and feedback.done_on between $business_date - 6 and $business_date
)

select * from answered
