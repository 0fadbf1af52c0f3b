-- one row per signal that fired, as an episode sees it: how grave, and the value at which it would be clear
with
signal as (
    select * from warnings.signal
),

evaluation as (
    select * from warnings_episode.evaluation
),

fired as (
    select
        signal.client_id,
        signal.branch_id,
        signal.loan_id,
        signal.project_id,
        signal.indicator,
        signal.audience,
        signal.severity,
        coalesce(signal.hard, false) as hard,
        signal.band_step,
        coalesce(signal.loan_id, '') || '|' || coalesce(signal.project_id, '') as subject,
        case
            when signal.hard then 4
            when signal.severity = 'red' then 3
            when signal.severity = 'amber' then 2
            else 1
        end as rank,
        evaluation.clear_value,
        evaluation.direction
    from signal
    left join evaluation on signal.client_id = evaluation.client_id and signal.indicator = evaluation.indicator
)

select * from fired
