-- one row per action of a project's environmental and social action plan
with
project as (
    select
        project_id,
        client_id,
        branch_id
    from features.project_state
),

dated as (
    select
        $business_date as business_date,
        project.project_id,
        project.client_id,
        project.branch_id,
        action.action_id,
        action.standard,
        action.description,
        action.owner,
        action.priority,
        action.due_on,
        action.done_on,
        action.evidence_id,
        action.is_evidence_unknown,
        case
            when action.done_on is null and action.is_done_unknown then null
            when action.done_on is null then greatest(date_diff('day', action.due_on, $business_date), 0)
            else 0
        end as days_late,
        case
            when action.done_on is not null then 'done'
            when action.is_done_unknown then 'not_assessed'
            when action.due_on < $business_date then 'overdue'
            else 'open'
        end as state
    from staging.esap_action as action
    inner join project on action.project_id = project.project_id
)

select * from dated
