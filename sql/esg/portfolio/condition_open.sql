-- one row per condition of a signed review that is not known to be met: what stops a draw first, then the latest
with
project as (
    select * from esg_portfolio.project
),

open_condition as (
    select
        project.branch_id,
        project.branch_name,
        project.branch_name_en,
        project.project_id,
        project.name,
        asked.condition_id,
        asked.period_end,
        asked.condition,
        asked.due_on,
        coalesce(asked.is_before_draw, false) as is_before_draw,
        asked.state,
        asked.days_late
    from esg.review_condition as asked
    inner join project on asked.project_id = project.project_id
    where asked.is_binding and asked.state <> 'met'
)

select * from open_condition
