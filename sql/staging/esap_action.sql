-- one row per action of a project's environmental and social action plan; done later than the business date is not done
with
action as (
    select * from source.esap_action
),

supplied as (
    select
        count(case when column_name = 'done_on' then 1 end) as has_done,
        count(case when column_name = 'evidence_id' then 1 end) as has_evidence
    from night.supplied_column
    where table_name = 'esap_action'
),

unreadable as (
    select
        row_key,
        count(case when column_name = 'done_on' then 1 end) > 0 as is_of_done,
        count(case when column_name = 'evidence_id' then 1 end) > 0 as is_of_evidence
    from night.withheld
    where table_name = 'esap_action' and column_name in ('done_on', 'evidence_id')
    group by row_key
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
        evidence_id,
        supplied.has_done = 0 or coalesce(unreadable.is_of_done, false) as is_done_unknown,
        supplied.has_evidence = 0 or coalesce(unreadable.is_of_evidence, false) as is_evidence_unknown
    from action
    cross join supplied
    left join unreadable on action.action_id = unreadable.row_key
)

select * from as_of_night
