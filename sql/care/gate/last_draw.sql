-- one row per announced draw: signals about the use of what was drawn before; which of them is for risk alone
with
request as (
    select * from care_draw.request
),

rule as (
    select limit_value
    from policy.draw_gate
    where item = 'last_draw'
),

use as (
    select indicator
    from policy.indicator
    where family = 'use_of_funds'
),

found as (
    select
        signal.client_id,
        count(*) as found_count
    from warnings.signal as signal
    inner join use on signal.indicator = use.indicator
    group by signal.client_id
),

-- of a client of whom one of them is not assessed, or nothing is, it is not known that there is none
seen as (
    select warning.client_id
    from warnings.warning as warning
    left join use on ',' || warning.not_assessed || ',' like '%,' || use.indicator || ',%'
    group by warning.client_id
    having count(use.indicator) = 0
),

judged as (
    select
        request.request_id,
        found.client_id is not null or seen.client_id is not null as is_assessed,
        coalesce(found.found_count, 0) <= rule.limit_value as is_met,
        cast(coalesce(found.found_count, 0) as decimal(18, 4)) as value,
        cast(rule.limit_value as decimal(18, 4)) as limit_value,
        'client:' || request.client_id as source_keys
    from request
    cross join rule
    left join found on request.client_id = found.client_id
    left join seen on request.client_id = seen.client_id
)

select
    request_id,
    'last_draw' as item,
    is_assessed,
    is_met,
    value,
    limit_value,
    source_keys
from judged
