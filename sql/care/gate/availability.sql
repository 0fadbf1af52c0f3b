-- one row per announced draw: whether it lies within the availability period of its contract, in days to its end
with
request as (
    select * from care_draw.request
),

-- what is closed, written off or due in full is available no more, whatever its contract said
ended as (
    select
        *,
        least(available_until, due_in_full_on) as last_day,
        status in ('closed', 'written_off') or due_in_full_on is not null as is_over
    from request
),

judged as (
    select
        request_id,
        available_until is not null or coalesce(is_over, false) as is_assessed,
        wanted_on <= last_day and not coalesce(is_over, false) as is_met,
        case
            when due_in_full_on is not null or not coalesce(is_over, false)
                then cast(date_diff('day', wanted_on, last_day) as decimal(18, 4))
        end as value,
        cast(0 as decimal(18, 4)) as limit_value,
        'loan:' || loan_id as source_keys
    from ended
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
