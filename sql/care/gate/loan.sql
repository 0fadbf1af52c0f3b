-- one row per announced draw: whether its loan still takes one, neither closed, written off nor due in full by then
with
request as (
    select * from care_draw.request
),

judged as (
    select
        request_id,
        status is not null as is_assessed,
        status = 'active' and due_in_full_on is null and maturity_date > wanted_on as is_met,
        cast(null as decimal(18, 4)) as value,
        cast(null as decimal(18, 4)) as limit_value,
        'loan:' || loan_id || coalesce(
            ';loan_is:' || case
                when status <> 'active' then status
                when due_in_full_on is not null then 'due_in_full'
                when maturity_date <= wanted_on then 'matured'
            end,
            ''
        ) as source_keys
    from request
)

select
    request_id,
    'loan' as item,
    is_assessed,
    is_met,
    value,
    limit_value,
    source_keys
from judged
