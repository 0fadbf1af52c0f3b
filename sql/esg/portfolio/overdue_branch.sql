-- one row per branch that has projects: its overdue actions, those of high priority, and the longest
with
project as (
    select
        branch_id,
        branch_name,
        branch_name_en,
        count(*) as project_count
    from esg_portfolio.project
    group by branch_id, branch_name, branch_name_en
),

late as (
    select
        branch_id,
        sum(case when state = 'overdue' then 1 else 0 end) as overdue_count,
        sum(case when state = 'overdue' and is_high then 1 else 0 end) as high_count,
        sum(case when state = 'not_assessed' then 1 else 0 end) as unknown_count,
        count(distinct case when state = 'overdue' then project_id end) as late_project_count,
        max(case when state = 'overdue' then days_late end) as max_days_late
    from esg_portfolio.overdue_action
    group by branch_id
),

supplied as (
    select count(*) > 0 as has_actions
    from night.supplied
    where table_name = 'esap_action' and is_supplied
),

counted as (
    select
        project.branch_id,
        project.branch_name,
        project.branch_name_en,
        project.project_count,
        case when supplied.has_actions then coalesce(late.late_project_count, 0) end as late_project_count,
        case when supplied.has_actions then coalesce(late.overdue_count, 0) end as overdue_count,
        case when supplied.has_actions then coalesce(late.high_count, 0) end as high_count,
        case when supplied.has_actions then coalesce(late.unknown_count, 0) end as unknown_count,
        late.max_days_late
    from project
    cross join supplied
    left join late on project.branch_id = late.branch_id
)

select * from counted
