-- one row per fixed contact that runs or comes, and per one that was made in the last days: what calendars are told
with
setting as (
    select cast(max(case when setting = 'visit_kept_days' then value end) as integer) as kept_days
    from policy.task_setting
),

told as (
    select
        plan.client_id,
        plan.kind,
        plan.slot,
        plan.window_from,
        plan.due_on,
        plan.state,
        plan.owner_id,
        plan.deputy_id
    from tasks.contact_plan as plan
    cross join setting
    where
        plan.kind in ('fixed', 'watch_contact')
        and (
            plan.state in ('open', 'upcoming')
            or (
                plan.state in ('done', 'done_late')
                and date_diff('day', plan.done_on, $business_date) <= setting.kept_days
            )
        )
)

select * from told
