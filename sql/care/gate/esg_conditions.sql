-- one row per announced draw of a project: conditions of its approved reviews that come before a draw and are not met
with
request as (
    select * from care_draw.request
    where project_id is not null
),

rule as (
    select limit_value
    from policy.draw_gate
    where item = 'esg_conditions'
),

-- a review or a condition that the checks hold back may be one that stops it
held as (
    select distinct reviewed_project_id as project_id
    from esg_review.withheld_row
    where table_name in ('esg_review', 'esg_condition')
),

found as (
    select
        request.request_id,
        count(*) as found_count
    from request
    inner join esg.review_condition as condition on request.project_id = condition.project_id
    where condition.is_binding and condition.is_before_draw and condition.state <> 'met'
    group by request.request_id
),

judged as (
    select
        request.request_id,
        held.project_id is null or coalesce(found.found_count, 0) > rule.limit_value as is_assessed,
        coalesce(found.found_count, 0) <= rule.limit_value as is_met,
        cast(coalesce(found.found_count, 0) as decimal(18, 4)) as value,
        cast(rule.limit_value as decimal(18, 4)) as limit_value,
        'project:' || request.project_id as source_keys
    from request
    cross join rule
    left join held on request.project_id = held.project_id
    left join found on request.request_id = found.request_id
)

select
    request_id,
    'esg_conditions' as item,
    is_assessed,
    is_met,
    value,
    limit_value,
    source_keys
from judged
