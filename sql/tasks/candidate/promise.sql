-- one row per promise that is due within days or late
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
standing as (
    select
        client_id,
        promise_id,
        made_on,
        due_on,
        state
    from tasks.promise_state
    where state in ('due', 'late')
),

listed as (
    select
        standing.client_id,
        'promise' as kind,
        standing.promise_id as subject,
        coalesce(standing.made_on, standing.due_on) as started_on,
        standing.due_on,
        {{ candidate.lacking('due_on', 'figures') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({'made_on': 'standing.made_on', 'due_on': 'standing.due_on'}) }} as figures
    from standing
    inner join policy.task_text as task_text on task_text.text = 'promise_' || standing.state
)

select * from listed
