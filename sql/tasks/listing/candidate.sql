-- one row per thing to do, of every kind, with its key and its deadline
{% set kinds = [
    'warning', 'use_of_funds_check', 'funds_leaving', 'tier_change', 'contact', 'maturity', 'instalment_cover',
    'override_expiry'
] %}
{% set has = {
    'clock_from': ['warning', 'use_of_funds_check', 'funds_leaving', 'tier_change', 'override_expiry'],
    'sla_days': ['warning', 'use_of_funds_check', 'funds_leaving', 'tier_change', 'override_expiry'],
    'due_on': ['contact', 'maturity', 'instalment_cover'],
    'latest_on': ['override_expiry'],
    'severity': ['warning'],
    'is_hard': ['warning'],
    'change': ['warning', 'maturity'],
    'indicator': ['warning', 'funds_leaving'],
    'loan_id': ['warning', 'maturity', 'instalment_cover'],
    'project_id': ['warning', 'maturity', 'instalment_cover'],
    'figures': ['funds_leaving', 'tier_change', 'contact', 'maturity', 'instalment_cover', 'override_expiry'],
} %}
{% set types = {
    'clock_from': 'date', 'sla_days': 'integer', 'due_on': 'date', 'latest_on': 'date', 'is_hard': 'boolean',
    'figures': 'map (varchar, varchar)'
} %}
with
gathered as (
    {% for kind in kinds %}
    select
        client_id,
        kind,
        subject,
        started_on,
        {% for column, holders in has.items() %}
        {{ '' if kind in holders else 'cast(null as ' ~ types.get(column, 'varchar') ~ ') as ' }}{{ column }},
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
        substr(
            md5(client_id || '|' || kind || '|' || subject || '|' || cast(started_on as varchar)), 1, 12
        ) as task_key,
        -- a date in a contract or in the law waits for nobody
        kind in ('maturity', 'instalment_cover') as is_deadline
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

-- a shorter time limit never moves a deadline back, and a longer one comes with a better colour
settled as (
    select
        timed.client_id,
        timed.kind,
        timed.subject,
        timed.started_on,
        timed.sla_days,
        timed.severity,
        coalesce(timed.is_hard, false) as is_hard,
        case
            when timed.change is not null then timed.change
            when standing.task_key is null then 'new'
            else 'same'
        end as change,
        timed.indicator,
        timed.loan_id,
        timed.project_id,
        timed.reason_zh,
        timed.reason_en,
        timed.next_step_zh,
        timed.next_step_en,
        timed.figures,
        timed.task_key,
        timed.is_deadline,
        case
            when standing.sla_days >= timed.sla_days then least(standing.due_on, timed.asked_on)
            else timed.asked_on
        end as due_on,
        standing.severity as standing_severity,
        coalesce(standing.is_hard, false) as is_standing_hard,
        standing.feedback_at as standing_feedback_at,
        standing.handled_severity as standing_handled_severity
    from timed
    left join previous.task as standing on timed.task_key = standing.task_key
)

select * from settled
