-- one row per announced draw: the client's stage on the watch list
with
request as (
    select * from care_draw.request
),

rule as (
    select limit_value
    from policy.draw_gate
    where item = 'watch'
),

place as (
    select
        watch.client_id,
        stage.level
    from warnings.watch as watch
    inner join policy.watch_stage as stage on watch.stage = stage.stage
),

judged as (
    select
        request.request_id,
        coalesce(warning.colour <> 'not_assessed', false) or coalesce(place.level, 0) > rule.limit_value
            as is_assessed,
        coalesce(place.level, 0) <= rule.limit_value as is_met,
        cast(coalesce(place.level, 0) as decimal(18, 4)) as value,
        cast(rule.limit_value as decimal(18, 4)) as limit_value,
        'client:' || request.client_id as source_keys
    from request
    cross join rule
    left join warnings.warning as warning on request.client_id = warning.client_id
    left join place on request.client_id = place.client_id
)

select
    request_id,
    'watch' as item,
    is_assessed,
    is_met,
    value,
    limit_value,
    source_keys
from judged
