-- one row per client whose place on the watch list risk is asked about: an entry stands if nobody answers in time, a
-- way out waits for a yes
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
stage as (
    select * from policy.watch_stage
),

asked as (
    select
        watch.client_id,
        watch.stage,
        watch.proposed_stage,
        watch.proposed_on,
        watch.rule,
        at_stage.decide_workdays,
        case when watch.proposed_stage = watch.stage then 'watch_entry' else 'watch_exit' end as text
    from warnings.watch as watch
    inner join stage as at_stage on watch.stage = at_stage.stage
    where watch.decision = 'pending'
),

listed as (
    select
        asked.client_id,
        'watch_decision' as kind,
        asked.text as subject,
        asked.proposed_on as started_on,
        asked.proposed_on as clock_from,
        asked.decide_workdays as sla_days,
        {{ candidate.lacking('clock_from', 'sla_days', 'figures') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'stage': 'asked.proposed_stage',
            'now': 'asked.stage',
            'why': 'asked.rule',
            'days': 'asked.decide_workdays',
        }) }} as figures
    from asked
    inner join policy.task_text as task_text on asked.text = task_text.text
)

select * from listed
