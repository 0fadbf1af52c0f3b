-- one row per announced draw: whether it lies within the availability period of its contract, in days to its end
with
request as (
    select * from care_draw.request
),

judged as (
    select
        request_id,
        available_until is not null as is_assessed,
        wanted_on <= available_until as is_met,
        cast(date_diff('day', wanted_on, available_until) as decimal(18, 4)) as value,
        cast(0 as decimal(18, 4)) as limit_value,
        'loan:' || loan_id as source_keys
    from request
)

select
    request_id,
    'availability' as item,
    is_assessed,
    is_met,
    value,
    limit_value,
    source_keys
from judged
