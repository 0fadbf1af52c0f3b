-- one row per action of a project's environmental and social action plan; done later than the business date is not done
with
action as (
    select * from source.esap_action
),

as_of_night as (
    select
        action_id,
        project_id,
        standard,
        description,
        owner,
        priority,
        due_on,
        case when done_on <= $business_date then done_on end as done_on,
        evidence_id
    from action
)

select * from as_of_night
