-- one row per review that is overdue, due within the notice, or not assessed: the latest first;
-- what waits for a person has lists of its own, by period (approval_waiting, rework_waiting)
with
setting as (
    select cast(max(case when setting = 'expiry_notice_days' then value end) as integer) as notice_days
    from policy.esg_setting
),

listed as (
    select
        project.branch_id,
        project.branch_name,
        project.branch_name_en,
        project.project_id,
        project.name,
        due.category,
        due.kind,
        due.rule,
        case when due.rule not in ('rhythm', 'register') then due.rule end as indicator,
        due.event_on,
        due.due_on,
        due.done_on,
        due.state,
        due.reason,
        due.late_days as days_late
    from tasks.esg_due as due
    cross join setting
    inner join esg_portfolio.project as project on due.project_id = project.project_id
    where
        due.period_end is null
        and (
            due.state in ('overdue', 'not_assessed')
            or (due.state = 'open' and due.due_on <= $morning + setting.notice_days)
        )
)

select * from listed
