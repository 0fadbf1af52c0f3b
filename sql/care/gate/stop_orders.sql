-- one row per announced draw of a project: orders to stop or limit production that are open
{% import 'macros/gate.sql' as gate %}
with
{{ gate.request() }},

stopping as (
    select kind
    from policy.incident_kind
    where counts_as = 'stop'
),

found as (
    select
        request.request_id,
        count(*) as found_count
    from request
    inner join esg.incident as incident on request.project_id = incident.project_id
    inner join stopping on incident.kind = stopping.kind
    where incident.state <> 'closed'
    group by request.request_id
),

{{ gate.counted('stop_orders', 'esg_incident') }}

select * from judged
