-- one row per announced draw: what the loan would have drawn after it, against its limit
with
request as (
    select * from care_draw.request
),

-- what was repaid of a loan that does not revolve is not drawn again; without drawings known the balance tells
measured as (
    select
        *,
        amount_amt + case
            when coalesce(is_revolving, false) then outstanding_amt
            else greatest(outstanding_amt, coalesce(drawn_amt, outstanding_amt))
        end as after_amt
    from request
),

judged as (
    select
        request_id,
        after_amt is not null and limit_amt is not null as is_assessed,
        after_amt <= limit_amt as is_met,
        cast(after_amt as decimal(38, 4)) as value,
        cast(limit_amt as decimal(38, 4)) as limit_value,
        'loan:' || loan_id as source_keys
    from measured
)

select
    request_id,
    'credit_limit' as item,
    is_assessed,
    is_met,
    value,
    limit_value,
    source_keys
from judged
