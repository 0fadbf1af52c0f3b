-- one row per action of a plan that is overdue, or of which nobody can say whether it is done, the latest first
with
project as (
    select * from esg_portfolio.project
),

late as (
    select
        project.branch_id,
        project.branch_name,
        project.branch_name_en,
        project.project_id,
        project.name,
        project.category,
        action.action_id,
        action.standard,
        action.description,
        action.owner,
        coalesce(priority.is_high, false) as is_high,
        action.due_on,
        action.days_late,
        action.state
    from esg.action as action
    inner join project on action.project_id = project.project_id
    left join policy.action_priority as priority on lower(trim(action.priority)) = priority.word
    where action.state in ('overdue', 'not_assessed') and action.due_on < $business_date
),

placed as (
    select
        *,
        row_number() over (
            order by
                case state when 'overdue' then 0 else 1 end asc,
                case when is_high then 0 else 1 end asc,
                days_late desc nulls last,
                project_id asc,
                action_id asc
        ) as place
    from late
)

select * from placed
