-- one row per review that somebody prepared and nobody has approved or returned yet: what is to be decided, and since
-- when
with
project as (
    select * from esg_portfolio.project
),

staff as (
    select
        staff_id,
        name
    from source.staff
),

waiting as (
    select
        project.branch_id,
        project.branch_name,
        project.branch_name_en,
        project.project_id,
        project.name,
        project.category,
        review.period_end,
        review.subject_key,
        review.verdict,
        review.prepared_by,
        coalesce(staff.name, review.prepared_by) as prepared_by_name,
        review.prepared_on,
        review.has_changed,
        due.due_on,
        due.state,
        due.late_days as days_late
    from esg.esg_review as review
    inner join project on review.project_id = project.project_id
    left join staff on review.prepared_by = staff.staff_id
    left join tasks.esg_due as due
        on review.project_id = due.project_id and due.kind = 'approval' and review.period_end = due.period_end
    where review.state = 'prepared'
)

select * from waiting
