-- one row per client whose plan of contingency and exit is too old: nobody approved it, or not for too long
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
old as (
    select
        client_id,
        stage,
        drafted_on,
        approved_on,
        renew_by,
        case when approved_on is null then 'exit_plan_undecided' else 'exit_plan_renewal' end as text
    from warnings.exit_plan
    where renew_by < $morning
),

listed as (
    select
        old.client_id,
        'exit_plan' as kind,
        'exit_plan' as subject,
        old.renew_by as started_on,
        old.renew_by as due_on,
        {{ candidate.lacking('due_on', 'figures') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'stage': 'old.stage',
            'since': 'coalesce(old.approved_on, old.drafted_on)',
            'date': 'old.renew_by',
        }) }} as figures
    from old
    inner join policy.task_text as task_text on old.text = task_text.text
)

select * from listed
