-- one row per announced draw of a project: what of high priority in its action plan is overdue by then
with
request as (
    select * from care_draw.request
    where project_id is not null
),

rule as (
    select limit_value
    from policy.draw_gate
    where item = 'action_plan'
),

high as (
    select word
    from policy.action_priority
    where is_high
),

supplied as (
    select coalesce(max(case when is_supplied then 1 else 0 end), 0) = 1 as is_there
    from night.supplied
    where table_name = 'esap_action'
),

found as (
    select
        request.request_id,
        count(*) as found_count
    from request
    inner join esg.action as action on request.project_id = action.project_id
    inner join high on lower(trim(action.priority)) = high.word
    where
        action.state in ('open', 'overdue')
        and action.due_on < request.wanted_on
    group by request.request_id
),

judged as (
    select
        request.request_id,
        supplied.is_there as is_assessed,
        coalesce(found.found_count, 0) <= rule.limit_value as is_met,
        cast(coalesce(found.found_count, 0) as decimal(18, 4)) as value,
        cast(rule.limit_value as decimal(18, 4)) as limit_value,
        'project:' || request.project_id as source_keys
    from request
    cross join rule
    cross join supplied
    left join found on request.request_id = found.request_id
)

select
    request_id,
    'action_plan' as item,
    is_assessed,
    is_met,
    value,
    limit_value,
    source_keys
from judged
