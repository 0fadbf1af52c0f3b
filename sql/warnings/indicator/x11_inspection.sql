-- one row per company of which inspections are asked: X11, inspections by a regulator, or an order to stop production
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/outside.sql' as outside %}
with
rule as (
    select * from policy.indicator
    where indicator = 'X11'
),

{{ outside.subject(['inspection']) }},

project as (
    select
        project_id,
        client_id
    from features.project_state
),

-- an order to stop or to limit production counts until it is lifted, as it does for E01, and is the same event there
stop as (
    select
        coalesce(project.client_id, incident.client_id) as client_id,
        incident.incident_id,
        incident.occurred_on,
        coalesce(incident.is_closing_unknown, false) as is_doubtful,
        row_number() over (
            partition by coalesce(project.client_id, incident.client_id), coalesce(incident.is_closing_unknown, false)
            order by incident.occurred_on asc, incident.incident_id asc
        ) as place
    from staging.esg_incident as incident
    inner join policy.incident_kind as kind on incident.kind = kind.kind and kind.counts_as = 'stop'
    left join project on incident.project_id = project.project_id
    where incident.closed_on is null
),

stopped as (
    select * from stop
    where place = 1 and not is_doubtful
),

doubtful as (
    select * from stop
    where place = 1 and is_doubtful
),

inspected as (
    select
        event.*,
        -- what led to a penalty or an order is that event
        case
            when incident.incident_id is not null then 'esg_incident:' || incident.incident_id
            else event.event_key
        end as shared_key
    from event
    cross join rule
    left join staging.esg_incident as incident on event.event = incident.incident_id
    where date_diff('day', event.first_on, $business_date) < rule.window_days
),

ranked as (
    select
        *,
        row_number() over (partition by client_id order by first_on desc, event desc) as place
    from inspected
),

counted as (
    select
        client_id,
        count(*) as inspections
    from inspected
    group by client_id
),

every as (
    select client_id from subject
    union
    select client_id from stop
    where client_id is not null
),

measured as (
    select
        every.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        event_table.is_supplied and doubtful.client_id is null as is_assessed,
        case when event_table.is_supplied then coalesce(counted.inspections, 0) end as value,
        cast(null as decimal(18, 4)) as baseline,
        date_diff('day', stopped.occurred_on, $business_date) as second_value,
        $business_date as data_date,
        coalesce('esg_incident:' || stopped.incident_id, ranked.source_keys, 'client:' || every.client_id)
            as source_keys,
        stopped.client_id is not null as is_stopped,
        case
            when stopped.client_id is not null then 'esg_incident:' || stopped.incident_id
            when counted.inspections = 1 then ranked.shared_key
        end as event_key,
        case when stopped.client_id is null then ranked.first_on end as inspected_on,
        coalesce(stopped.occurred_on, ranked.first_on) as told_on
    from every
    cross join event_table
    left join counted on every.client_id = counted.client_id
    left join ranked on every.client_id = ranked.client_id and ranked.place = 1
    left join stopped on every.client_id = stopped.client_id
    left join doubtful on every.client_id = doubtful.client_id
),

{{ indicator.judge(
    red_too='measured.is_stopped',
    red_threshold='case when measured.value >= rule.red_value then rule.red_value end',
    reason_case="case when measured.is_stopped then 'stopped' end",
    event_key='measured.event_key',
    event_on='measured.inspected_on',
    detail='measured.told_on'
) }}

select * from worst
