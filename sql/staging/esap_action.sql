-- one row per action of a project's environmental and social action plan; done later than the business date is not done
with
action as (
    select * from source.esap_action
),

done_column as (
    select count(*) as is_supplied
    from night.supplied_column
    where table_name = 'esap_action' and column_name = 'done_on'
),

unreadable as (
    select distinct row_key
    from night.withheld
    where table_name = 'esap_action' and column_name = 'done_on'
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
        done_column.is_supplied = 0 or unreadable.row_key is not null as is_done_unknown
    from action
    cross join done_column
    left join unreadable on action.action_id = unreadable.row_key
)

select * from as_of_night
