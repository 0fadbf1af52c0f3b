-- one row per announced draw: its amount against what may still be drawn of the loan
with
request as (
    select * from care_draw.request
),

-- features.loan_state says what is undrawn: of a loan that does not revolve nothing once it repays, of one called none;
-- it is the most that it can be where drawings are not known, so that a draw beyond it fails all the same
measured as (
    select
        *,
        limit_amt is not null and outstanding_amt is not null as is_limit_known
    from request
),

judged as (
    select
        request_id,
        is_limit_known and amount_amt is not null and (is_drawn_known or amount_amt > undrawn_amt) as is_assessed,
        case
            when is_limit_known and (is_drawn_known or amount_amt > undrawn_amt) then amount_amt <= undrawn_amt
        end as is_met,
        cast(amount_amt as decimal(38, 4)) as value,
        cast(case when is_limit_known then undrawn_amt end as decimal(38, 4)) as limit_value,
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
