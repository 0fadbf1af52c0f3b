-- one row per announced draw of a project: policies that have run out by then; none at all is one missing
with
request as (
    select * from care_draw.request
    where project_id is not null
),

rule as (
    select limit_value
    from policy.draw_gate
    where item = 'insurance'
),

supplied as (
    select is_supplied as is_there
    from night.supplied
    where table_name = 'insurance'
),

counted as (
    select
        request.request_id,
        count(insurance.project_id) as policies,
        sum(case when insurance.expires_on < request.wanted_on then 1 else 0 end) as expired
    from request
    left join esg.insurance as insurance on request.project_id = insurance.project_id
    group by request.request_id
),

judged as (
    select
        request.request_id,
        supplied.is_there as is_assessed,
        case when counted.policies = 0 then 1 else counted.expired end <= rule.limit_value as is_met,
        cast(case when counted.policies = 0 then 1 else counted.expired end as decimal(18, 4)) as value,
        cast(rule.limit_value as decimal(18, 4)) as limit_value,
        'project:' || request.project_id as source_keys
    from request
    cross join rule
    cross join supplied
    inner join counted on request.request_id = counted.request_id
)

select
    request_id,
    'insurance' as item,
    is_assessed,
    is_met,
    value,
    limit_value,
    source_keys
from judged
