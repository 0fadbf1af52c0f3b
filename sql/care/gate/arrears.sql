-- one row per announced draw: the most days past due of the client
with
request as (
    select * from care_draw.request
),

rule as (
    select limit_value
    from policy.draw_gate
    where item = 'arrears'
),

overdue as (
    select
        client_id,
        max(days_past_due) as days_past_due,
        max(case when days_past_due is null then 1 else 0 end) = 1 as is_unknown
    from features.loan_state
    where status <> 'closed'
    group by client_id
),

judged as (
    select
        request.request_id,
        coalesce(not overdue.is_unknown or overdue.days_past_due > rule.limit_value, false) as is_assessed,
        overdue.days_past_due <= rule.limit_value as is_met,
        cast(overdue.days_past_due as decimal(18, 4)) as value,
        cast(rule.limit_value as decimal(18, 4)) as limit_value,
        'client:' || request.client_id as source_keys
    from request
    cross join rule
    left join overdue on request.client_id = overdue.client_id
)

select
    request_id,
    'arrears' as item,
    is_assessed,
    is_met,
    value,
    limit_value,
    source_keys
from judged
