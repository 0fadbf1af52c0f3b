-- one row per announced draw: its amount against what may still be drawn of the loan
with
request as (
    select * from care_draw.request
),

-- features.loan_state says what is undrawn: of a loan that does not revolve nothing once it repays, of one called none;
-- it is the most that it can be where drawings are not known, so that a draw beyond it fails all the same
judged as (
    select
        request_id,
        amount_amt is not null and limit_amt is not null and outstanding_amt is not null
        and (is_drawn_known or amount_amt > undrawn_amt) as is_assessed,
        case when is_drawn_known or amount_amt > undrawn_amt then amount_amt <= undrawn_amt end as is_met,
        cast(amount_amt as decimal(38, 4)) as value,
        cast(
            case when limit_amt is not null and outstanding_amt is not null then undrawn_amt end as decimal(38, 4)
        ) as limit_value,
        'loan:' || loan_id as source_keys
    from request
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
