-- one row per important client whose deposits fall, no season, taxes or wages explaining it and nothing else saying so
-- already
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
-- a warning of the fall, or a task of funds that leave, asks the same of the same person; so did a warning that was
-- called a false alarm or put off, and it is not asked again by another name
told as (
    select client_id
    from warnings.signal
    where indicator = 'T01' and severity in ('amber', 'red')
    union
    select client_id
    from tasks_candidate.funds_leaving
),

-- it is one task as long as it falls
standing as (
    select
        client_id,
        min(started_on) as started_on
    from previous.task
    where kind = 'silent_client'
    group by client_id
),

fallen as (
    select
        silent.client_id,
        silent.before_amt,
        silent.now_amt,
        silent.fall_pct,
        silent.fall_year_ago_pct,
        silent.closed_count,
        silent.closed_on,
        silent.explained_by,
        silent.data_date,
        coalesce(standing.started_on, cast($business_date as date)) as started_on
    from care.silent_client as silent
    left join told on silent.client_id = told.client_id
    left join standing on silent.client_id = standing.client_id
    where silent.explained_by not in ('season', 'tax_payroll') and told.client_id is null
),

listed as (
    select
        fallen.client_id,
        'silent_client' as kind,
        'deposits' as subject,
        fallen.started_on,
        fallen.started_on as clock_from,
        special_contact.sla_days,
        {{ candidate.lacking('clock_from', 'sla_days', 'figures') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'now': 'fallen.now_amt',
            'before': 'fallen.before_amt',
            'fall': 'fallen.fall_pct',
            'year_ago': 'fallen.fall_year_ago_pct',
            'closed': 'fallen.closed_count',
            'closed_on': 'fallen.closed_on',
            'data_date': 'fallen.data_date',
        }) }} as figures
    from fallen
    inner join policy.special_contact as special_contact on special_contact.event = 'silent_client'
    inner join policy.task_text as task_text on task_text.text = 'silent_client_' || fallen.explained_by
)

select * from listed
