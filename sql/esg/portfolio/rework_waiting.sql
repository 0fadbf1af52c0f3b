-- one row per review that was returned and nobody has prepared anew yet: who sent it back, when and why, and who had
-- prepared it
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
        review.returned_by,
        coalesce(returner.name, review.returned_by) as returned_by_name,
        review.returned_on,
        review.note,
        review.prepared_by,
        coalesce(preparer.name, review.prepared_by) as prepared_by_name,
        due.due_on,
        due.state,
        due.late_days as days_late
    from tasks.esg_due as due
    inner join esg.esg_review as review on due.project_id = review.project_id and due.period_end = review.period_end
    inner join project on due.project_id = project.project_id
    left join staff as returner on review.returned_by = returner.staff_id
    left join staff as preparer on review.prepared_by = preparer.staff_id
    where due.kind = 'rework'
)

select * from waiting
