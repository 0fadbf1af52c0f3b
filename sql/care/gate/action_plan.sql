-- one row per announced draw of a project: what of high priority in its action plan is overdue by then
{% import 'macros/gate.sql' as gate %}
with
{{ gate.request() }},

high as (
    select word
    from policy.action_priority
    where is_high
),

found as (
    select
        request.request_id,
        count(*) as found_count
    from request
    inner join esg.action as action on request.project_id = action.project_id
    inner join high on lower(trim(action.priority)) = high.word
    where
        action.state in ('open', 'overdue')
        and action.due_on < request.wanted_on
    group by request.request_id
),

{{ gate.counted('action_plan', 'esap_action') }}

select * from judged
