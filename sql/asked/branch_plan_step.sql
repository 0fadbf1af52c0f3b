-- one row per client with a plan of contingency and exit and step of it that is open, whoever's it is: what a branch's
-- workbook lists beside the steps of its warnings; `late_days` are workdays
with
open_step as (
    select * from tasks_exit_plan.step
    where not is_done
),

morning as (
    select workday_index
    from night.calendar
    where day = $morning
),

listed as (
    select
        open_step.branch_id,
        open_step.client_id,
        open_step.step,
        open_step.owner_role,
        open_step.due_on,
        coalesce(morning.workday_index - due_day.workday_index, date_diff('day', open_step.due_on, $morning))
            as late_days,
        open_step.action,
        open_step.action_zh,
        open_step.action_en,
        task.task_key
    from open_step
    cross join morning
    left join night.calendar as due_day on open_step.due_on = due_day.day
    left join tasks.task as task on open_step.client_id = task.client_id and open_step.task_key = task.task_key
)

select * from listed
