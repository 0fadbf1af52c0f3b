-- one row per announced draw of a project in construction: how far capital paid in would lag the debt drawn, in points
with
request as (
    select * from care_draw.request
    where stage = 'construction'
),

rule as (
    select limit_value
    from policy.draw_gate
    where item = 'capital'
),

judged as (
    select
        request.request_id,
        request.drawn_after_pct is not null and request.equity_paid_pct is not null as is_assessed,
        request.drawn_after_pct - request.equity_paid_pct <= rule.limit_value as is_met,
        request.drawn_after_pct - request.equity_paid_pct as value,
        cast(rule.limit_value as decimal(18, 4)) as limit_value,
        'project_progress:' || request.project_id || '|' || cast(request.progress_date as varchar) as source_keys
    from request
    cross join rule
)

select
    request_id,
    'capital' as item,
    is_assessed,
    is_met,
    value,
    limit_value,
    source_keys
from judged
