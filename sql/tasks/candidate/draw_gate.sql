-- one row per announced draw within the notice: how its gate stands, and which items stop it
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
setting as (
    select cast(max(case when setting = 'draw_notice_days' then value end) as integer) as notice_days
    from policy.task_setting
),

gate as (
    select draw_gate.*
    from care.draw_gate as draw_gate
    cross join setting
    where date_diff('day', $morning, draw_gate.wanted_on) <= setting.notice_days
),

counted as (
    select
        request_id,
        loan_id,
        client_id,
        project_id,
        wanted_on,
        amount_amt,
        count(*) as items,
        sum(case when verdict = 'fail' then 1 else 0 end) as failed,
        sum(case when verdict = 'not_assessed' then 1 else 0 end) as unknown,
        sum(case when verdict = 'waived' then 1 else 0 end) as waived,
        string_agg(case when verdict = 'fail' then item_zh end, '、' order by item) as failed_zh,
        string_agg(case when verdict = 'fail' then item_en end, ', ' order by item) as failed_en
    from gate
    group by request_id, loan_id, client_id, project_id, wanted_on, amount_amt
),

told as (
    select
        *,
        case when failed > 0 then 'draw_stopped' when unknown > 0 then 'draw_unknown' else 'draw_clear' end as text
    from counted
),

listed as (
    select
        told.client_id,
        'draw_gate' as kind,
        told.request_id as subject,
        cast(told.wanted_on - setting.notice_days * interval '1' day as date) as started_on,
        told.wanted_on as due_on,
        true as is_deadline,
        told.loan_id,
        told.project_id,
        {{ candidate.lacking('due_on', 'is_deadline', 'loan_id', 'project_id', 'figures') }},
        task_text.reason_zh || coalesce(told.failed_zh, '') as reason_zh,
        task_text.reason_en || coalesce(' ' || told.failed_en, '') as reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'loan': 'told.loan_id',
            'amount': 'told.amount_amt',
            'date': 'told.wanted_on',
            'items': 'told.items',
            'failed': 'told.failed',
            'unknown': 'told.unknown',
            'waived': 'told.waived',
        }) }} as figures
    from told
    cross join setting
    inner join policy.task_text as task_text on told.text = task_text.text
)

select * from listed
