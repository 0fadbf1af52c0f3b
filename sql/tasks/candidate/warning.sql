-- one row per signal that a branch may see and that colours its client; of signals of one event, or of one fact that
-- two rules measure, the gravest alone, and of equals the one that told it last night: its answer and clock are kept
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/told.sql' as told %}
with
signal as (
    select * from tasks_listing.told_signal
    where audience = 'branch'
),

coloured as (
    select
        client_id,
        colour,
        worsened_on
    from warnings.warning
),

-- what to do; by whom and when is said step by step (tasks.playbook_task)
playbook as (
    select
        client_id,
        indicator,
        min(due_workdays) as due_workdays,
        string_agg(action_zh, ';' order by step) as next_step_zh,
        string_agg(action_en, '; ' order by step) as next_step_en
    from tasks_playbook.step
    group by client_id, indicator
),

listed_before as (
    select distinct
        client_id,
        subject as indicator,
        started_on
    from previous.task
    where kind = 'warning'
),

-- a quiet night ends nothing: the task goes on as its loan's episode does, and another loan that is the worst is asked
-- about by a task of its own
counted as (
    select
        signal.*,
        indicator.is_unproven,
        row_number() over (
            partition by signal.client_id, {{ told.line_key('signal', 'told_together') | indent(12) }}
            order by
                case when signal.hard then 0 else 1 end asc,
                case signal.severity when 'red' then 0 when 'amber' then 1 else 2 end asc,
                case when listed_before.client_id is not null then 0 else 1 end asc,
                signal.indicator asc
        ) as place
    from signal
    inner join policy.indicator as indicator on signal.indicator = indicator.indicator
    left join policy.told_together as told_together on signal.indicator = told_together.indicator
    left join listed_before
        on
            signal.client_id = listed_before.client_id
            and signal.indicator = listed_before.indicator
            and signal.started_on = listed_before.started_on
    where indicator.counts_for_colour
),

listed as (
    select
        counted.client_id,
        'warning' as kind,
        counted.indicator as subject,
        counted.started_on,
        -- the clock starts when the client or the signal last got worse, or with the signal that joins it later
        greatest(counted.started_on, counted.graver_on, coloured.worsened_on) as clock_from,
        -- what nothing is asked for yet is not late: its day is that of its first step, and where its band has no steps
        -- that of the colour
        coalesce(playbook.due_workdays, special_contact.sla_days) as sla_days,
        counted.severity,
        coalesce(counted.hard, false) as is_hard,
        counted.band_step,
        counted.is_unproven,
        counted.change,
        counted.indicator,
        counted.loan_id,
        counted.project_id,
        {{ candidate.lacking(
            'clock_from', 'sla_days', 'severity', 'is_hard', 'band_step', 'is_unproven', 'change', 'indicator',
            'loan_id', 'project_id'
        ) }},
        counted.reason_zh,
        counted.reason_en,
        playbook.next_step_zh,
        playbook.next_step_en
    from counted
    inner join coloured on counted.client_id = coloured.client_id
    inner join policy.special_contact as special_contact on coloured.colour = special_contact.event
    left join playbook on counted.client_id = playbook.client_id and counted.indicator = playbook.indicator
    where counted.place = 1
)

select * from listed
