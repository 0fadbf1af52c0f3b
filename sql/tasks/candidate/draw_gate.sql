-- one row per announced draw within the notice, or that its gate stops: how its gate stands, and which items stop it
-- Who asks is answered within so many working days of the night that told of the request first: the first day of the
-- notice, or the night on which an item failed; never later than the day for which it is wanted. That is a deadline
-- once near, and the only one where policy gives no days. An item that fails later starts the clock again.
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
setting as (
    select
        cast(max(case when setting = 'draw_notice_days' then value end) as integer) as notice_days,
        max(case when setting = 'deadline_days' then value end) as deadline_days
    from policy.task_setting
),

answer as (
    select sla_days
    from policy.special_contact
    where event = 'draw_gate'
),

morning as (
    select workday_index
    from night.calendar
    where day = $morning
),

-- its client is ahead of others from the night on which it is stopped: nobody is marked for what is not told
stopped as (
    select distinct request_id
    from care.draw_gate
    where verdict = 'fail'
),

gate as (
    select draw_gate.*
    from care.draw_gate as draw_gate
    cross join setting
    left join stopped on draw_gate.request_id = stopped.request_id
    where date_diff('day', $morning, draw_gate.wanted_on) <= setting.notice_days or stopped.request_id is not null
),

counted as (
    select
        request_id,
        loan_id,
        client_id,
        project_id,
        wanted_on,
        amount_amt,
        min(first_seen) as first_seen,
        min(case when verdict = 'fail' then coalesce(failing_since, first_seen) end) as stopped_on,
        max(case when verdict = 'fail' then failing_since end) as worsened_on,
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

noticed as (
    select
        told.*,
        cast(told.wanted_on - setting.notice_days * interval '1' day as date) as started_on
    from told
    cross join setting
),

begun as (
    select
        *,
        greatest(first_seen, least(started_on, coalesce(stopped_on, started_on))) as listed_from
    from noticed
),

listed as (
    select
        told.client_id,
        'draw_gate' as kind,
        told.request_id as subject,
        told.started_on,
        greatest(told.listed_from, coalesce(told.worsened_on, told.listed_from)) as clock_from,
        answer.sla_days,
        case when answer.sla_days is null then told.wanted_on end as due_on,
        told.wanted_on as latest_on,
        coalesce(wanted_day.workday_index - morning.workday_index, date_diff('day', $morning, told.wanted_on))
        <= setting.deadline_days as is_deadline,
        told.worsened_on,
        case when told.worsened_on = $business_date and told.listed_from < $business_date then 'worse' end as change,
        told.loan_id,
        told.project_id,
        {{ candidate.lacking(
            'clock_from', 'sla_days', 'due_on', 'latest_on', 'is_deadline', 'worsened_on', 'change', 'loan_id',
            'project_id', 'figures'
        ) }},
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
            'passed': 'told.items - told.failed - told.unknown - told.waived',
        }) }} as figures
    from begun as told
    cross join setting
    left join answer on true
    cross join morning
    left join night.calendar as wanted_day on told.wanted_on = wanted_day.day
    inner join policy.task_text as task_text on told.text = task_text.text
)

select * from listed
