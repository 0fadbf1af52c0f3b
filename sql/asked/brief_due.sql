-- one row per visit for which a brief is made: planned for one of the next working days
with
setting as (
    select cast(max(case when setting = 'brief_workdays' then value end) as integer) as workdays
    from policy.task_setting
),

morning as (
    select workday_index
    from night.calendar
    where day = $morning
),

planned as (
    select
        visit.visit_id,
        visit.client_id,
        visit.visit_on
    from tasks.visit_proposal as visit
    cross join setting
    cross join morning
    inner join night.calendar as calendar on visit.visit_on = calendar.day
    where
        visit.state = 'planned'
        and visit.visit_on >= $morning
        and calendar.workday_index <= morning.workday_index + setting.workdays
)

select * from planned
