-- one row per announced draw: signals of its client that fired and whose steps stop draws, each named
-- What a branch may not read does not speak here. A decision that puts a signal off changes no colour and opens no
-- gate: only a waiver does. The steps are those of the list: of the client's own kind in place of those for any.
with
request as (
    select * from care_draw.request
),

rule as (
    select limit_value
    from policy.draw_gate
    where item = 'stop_signals'
),

asked as (
    select
        signal.client_id,
        signal.indicator,
        step.action,
        rank() over (
            partition by signal.client_id, signal.indicator
            order by case when step.applies_to = 'any' then 1 else 0 end
        ) as place
    from warnings.signal as signal
    inner join staging.client as client on signal.client_id = client.client_id
    inner join policy.playbook_step as step
        on
            signal.indicator = step.indicator
            and signal.band = step.band
            and step.applies_to in (client.client_kind, 'any')
    where signal.audience = 'branch'
),

stopping as (
    select distinct
        client_id,
        indicator
    from asked
    where place = 1 and action = 'stop_draw'
),

found as (
    select
        client_id,
        count(*) as found_count,
        string_agg(';indicator:' || indicator, '' order by indicator) as named
    from stopping
    group by client_id
),

judged as (
    select
        request.request_id,
        coalesce(warning.colour <> 'not_assessed', false) or coalesce(found.found_count, 0) > rule.limit_value
            as is_assessed,
        coalesce(found.found_count, 0) <= rule.limit_value as is_met,
        cast(coalesce(found.found_count, 0) as decimal(18, 4)) as value,
        cast(rule.limit_value as decimal(18, 4)) as limit_value,
        'client:' || request.client_id || coalesce(found.named, '') as source_keys
    from request
    cross join rule
    left join warnings.warning as warning on request.client_id = warning.client_id
    left join found on request.client_id = found.client_id
)

select
    request_id,
    'stop_signals' as item,
    is_assessed,
    is_met,
    value,
    limit_value,
    source_keys
from judged
