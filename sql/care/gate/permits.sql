-- one row per announced draw of a project: papers that building or running needs and that are not in force by then
with
request as (
    select * from care_draw.request
    where project_id is not null
),

rule as (
    select limit_value
    from policy.draw_gate
    where item = 'permits'
),

needed as (
    select
        project_id,
        kind,
        expires_on,
        renewal_filed_on,
        coalesce(is_issued, true) as is_there
    from staging.permit_in_force
    where is_operating_critical or is_needed_before_building
),

counted as (
    select
        request.request_id,
        count(needed.project_id) as papers,
        sum(
            case
                when needed.project_id is null then 0
                when not needed.is_there then 1
                when needed.expires_on < request.wanted_on and needed.renewal_filed_on is null then 1
                else 0
            end
        ) as missing
    from request
    left join needed on request.project_id = needed.project_id
    group by request.request_id
),

judged as (
    select
        request.request_id,
        counted.papers > 0 as is_assessed,
        counted.missing <= rule.limit_value as is_met,
        cast(counted.missing as decimal(18, 4)) as value,
        cast(rule.limit_value as decimal(18, 4)) as limit_value,
        'project:' || request.project_id as source_keys
    from request
    cross join rule
    inner join counted on request.request_id = counted.request_id
)

select
    request_id,
    'permits' as item,
    is_assessed,
    is_met,
    value,
    limit_value,
    source_keys
from judged
