-- one row per client, loan or project, and indicator: how its episode goes on tonight, opens, opens again or closes
{% import 'macros/month.sql' as month %}
with
before as (
    select
        episode.*,
        coalesce(loan_id, '') || '|' || coalesce(project_id, '') as subject,
        case
            when hard then 4
            when severity = 'red' then 3
            when severity = 'amber' then 2
            else 1
        end as rank,
        case severity_max when 'red' then 3 when 'amber' then 2 else 1 end as max_rank
    from previous.episode as episode
),

fired as (
    select * from warnings_episode.fired
),

client as (
    select * from staging.client
),

setting as (
    select cast(max(case when setting = 'reopen_days' then value end) as integer) as reopen_days
    from policy.episode_setting
),

subjects as (
    select
        client_id,
        indicator,
        subject
    from before
    union
    select
        client_id,
        indicator,
        subject
    from fired
),

-- of a client's other loan that is the worse one tonight nothing follows for this one: it stays as it is
paired as (
    select
        subjects.client_id,
        subjects.indicator,
        subjects.subject,
        coalesce(fired.loan_id, before.loan_id) as loan_id,
        coalesce(fired.project_id, before.project_id) as project_id,
        coalesce(fired.branch_id, client.branch_id, before.branch_id) as branch_id,
        coalesce(fired.audience, before.audience) as audience,
        before.episode_id as episode_before,
        before.opened_on,
        before.started_on,
        before.graver_on,
        before.last_seen,
        before.closed_on,
        before.closed_because,
        before.severity as severity_before,
        before.hard as hard_before,
        before.rank as rank_before,
        before.band_step as band_step_before,
        before.max_rank,
        before.reopened_count,
        before.clear_count,
        before.clear_data_on,
        before.evaluated_on,
        before.clear_value,
        before.clear_direction,
        before.decision_id as decision_before,
        before.decided_rank,
        before.decided_band_step,
        before.suppressed_until,
        before.snoozed_until,
        before.is_suppressed as was_suppressed,
        before.is_told as was_told,
        before.told_because as told_before,
        before.told_on,
        fired.severity,
        fired.hard,
        fired.rank,
        fired.band_step,
        fired.clear_value as new_clear_value,
        fired.direction,
        fired.client_id is not null as is_firing,
        before.client_id is not null and before.closed_on is null as is_open_before,
        coalesce(fired.client_id is null and before.closed_on is null and evaluation.outcome = 'quiet', false)
            as is_quiet,
        coalesce(evaluation.outcome, 'unknown') as outcome,
        evaluation.value,
        evaluation.data_on,
        evaluation.rhythm,
        evaluation.clear_evaluations,
        evaluation.lapse_days,
        setting.reopen_days
    from subjects
    cross join setting
    left join before
        on
            subjects.client_id = before.client_id
            and subjects.indicator = before.indicator
            and subjects.subject = before.subject
    left join fired
        on
            subjects.client_id = fired.client_id
            and subjects.indicator = fired.indicator
            and subjects.subject = fired.subject
    left join warnings_episode.evaluation as evaluation
        on subjects.client_id = evaluation.client_id and subjects.indicator = evaluation.indicator
    left join client on subjects.client_id = client.client_id
),

measured as (
    select
        paired.*,
        is_quiet
        and coalesce(
            case when clear_direction = 'high' then value <= clear_value else value >= clear_value end, true
        ) as is_clear,
        -- the same report read again is no other evaluation
        case rhythm
            when 'daily' then true
            when 'monthly' then coalesce({{ month.number('data_on') }} > {{ month.number('clear_data_on') }}, true)
            else coalesce(
                ({{ month.number('data_on') }} - 1) // 3 > ({{ month.number('clear_data_on') }} - 1) // 3, true
            )
        end as is_other_data
    from paired
),

counted as (
    select
        measured.*,
        case
            when is_firing or (is_quiet and not is_clear) then 0
            when is_clear and (clear_count = 0 or is_other_data) then clear_count + 1
            else clear_count
        end as clear_now,
        case
            when is_firing or (is_quiet and not is_clear) then cast(null as date)
            when is_clear and (clear_count = 0 or is_other_data) then data_on
            else clear_data_on
        end as clear_data_now,
        -- an indicator that fires for another loan was assessed: it does not lapse meanwhile
        case when is_firing or is_quiet or outcome = 'fires' then $business_date else evaluated_on end as evaluated_now
    from measured
),

course as (
    select
        counted.*,
        not is_firing and outcome = 'fires' as is_elsewhere,
        is_firing and closed_on is not null and date_diff('day', closed_on, $business_date) <= reopen_days
            as is_reopened,
        is_firing
        and (
            episode_before is null
            or coalesce(date_diff('day', closed_on, $business_date) > reopen_days, false)
        ) as is_new,
        case
            when not is_open_before or is_firing then null
            when outcome = 'not_applicable' then 'not_applicable'
            when is_quiet and clear_now >= clear_evaluations then 'cleared'
            when date_diff('day', evaluated_now, $business_date) >= lapse_days then 'lapsed'
        end as closes_because
    from counted
)

select * from course
