-- one row per thing to do, of every kind, with its key and its deadline
{% import 'macros/candidate.sql' as candidate %}
with
gathered as (
    {% for kind in candidates %}
    select
        client_id,
        kind,
        subject,
        started_on,
        {% for column in candidate.optional %}
        {{ column }},
        {% endfor %}
        reason_zh,
        reason_en,
        next_step_zh,
        next_step_en
    from tasks_candidate.{{ kind }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

keyed as (
    select
        gathered.*,
        {{ candidate.key('client_id', 'kind', 'subject', 'started_on') }} as task_key
    from gathered
),

-- the n-th working day after the clock started
timed as (
    select
        keyed.*,
        least(
            coalesce(workday.day, keyed.due_on, keyed.clock_from),
            coalesce(keyed.latest_on, date '9999-12-31')
        ) as asked_on
    from keyed
    left join night.calendar as clock_day on keyed.clock_from = clock_day.day
    left join night.calendar as workday
        on workday.is_workday and workday.workday_index = clock_day.workday_index + keyed.sla_days
),

-- a shorter time limit never moves a deadline back, and a longer one comes with a better colour; what was answered
-- before its clock started again has another day
settled as (
    select
        timed.client_id,
        timed.kind,
        timed.subject,
        timed.started_on,
        timed.clock_from,
        timed.sla_days,
        timed.severity,
        coalesce(timed.is_hard, false) as is_hard,
        timed.band_step,
        coalesce(timed.is_unproven, false) as is_unproven,
        timed.worsened_on,
        case
            when timed.change is not null then timed.change
            when standing.task_key is null then 'new'
            else 'same'
        end as change,
        timed.indicator,
        timed.loan_id,
        timed.project_id,
        timed.owner_role,
        timed.reason_zh,
        timed.reason_en,
        timed.next_step_zh,
        timed.next_step_en,
        timed.figures,
        timed.task_key,
        coalesce(timed.is_deadline, false) as is_deadline,
        case
            when standing.status not in ('open', 'acknowledged') and timed.clock_from >= standing.feedback_on
                then timed.asked_on
            when standing.sla_days >= timed.sla_days then least(standing.due_on, timed.asked_on)
            else timed.asked_on
        end as due_on,
        standing.severity as standing_severity,
        coalesce(standing.is_hard, false) as is_standing_hard,
        standing.feedback_at as standing_feedback_at,
        standing.handled_severity as standing_handled_severity,
        standing.band_step as standing_band_step,
        standing.handled_band_step as standing_handled_band_step
    from timed
    left join previous.task as standing on timed.task_key = standing.task_key
)

select * from settled
