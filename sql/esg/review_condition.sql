-- one row per condition that a review sets: it binds once the review is approved, and until it is met, whatever
-- review follows
with
project as (
    select * from features.project_state
),

review as (
    select
        project_id,
        period_end,
        state in ('approved', 'superseded') as is_binding
    from esg.esg_review
),

stated as (
    select
        $business_date as business_date,
        condition.project_id,
        project.client_id,
        project.branch_id,
        condition.condition_id,
        condition.period_end,
        condition.condition,
        condition.due_on,
        coalesce(condition.is_before_draw, false) as is_before_draw,
        condition.met_on,
        condition.evidence_id,
        coalesce(review.is_binding, false) as is_binding,
        case
            when condition.met_on is not null then 'met'
            when condition.is_unreadable then 'not_assessed'
            when condition.due_on < $business_date then 'overdue'
            else 'open'
        end as state,
        case
            when condition.met_on is not null then 0
            else cast(greatest(date_diff('day', condition.due_on, $business_date), 0) as integer)
        end as days_late
    from staging.esg_condition as condition
    inner join project on condition.project_id = project.project_id
    left join review on condition.project_id = review.project_id and condition.period_end = review.period_end
)

select * from stated
