-- one row per announced draw of a project: covenants breached and not waived
{% import 'macros/gate.sql' as gate %}
with
{{ gate.request() }},

found as (
    select
        request.request_id,
        count(*) as found_count
    from request
    inner join esg.covenant as covenant on request.project_id = covenant.project_id
    where covenant.status = 'breach'
    group by request.request_id
),

{{ gate.counted('covenants', 'covenant_test') }}

select * from judged
