-- one row per signal that a branch may read: what its list and its projects' pages tell beside tasks
-- `told_with` are the other signals that its line stands for, by code
{% import 'macros/told.sql' as told %}
with
rule as (
    select
        indicator,
        is_unproven
    from policy.indicator
),

{{ told.beside() }},

-- a quiet night within its episode begins nothing anew: pages tell since when as the card does
episode as (
    select
        client_id,
        indicator,
        coalesce(loan_id, '') || '|' || coalesce(project_id, '') as subject,
        opened_on,
        started_on
    from warnings.episode
    where closed_on is null
),

branch_signal as (
    select
        signal.*,
        coalesce(rule.is_unproven, false) as is_unproven,
        beside.told_with,
        coalesce(episode.opened_on, signal.first_seen) as opened_on,
        coalesce(episode.started_on, signal.first_seen) as started_on
    from warnings.signal as signal
    left join rule on signal.indicator = rule.indicator
    left join episode
        on
            signal.client_id = episode.client_id
            and signal.indicator = episode.indicator
            and coalesce(signal.loan_id, '') || '|' || coalesce(signal.project_id, '') = episode.subject
    left join beside on signal.client_id = beside.client_id and signal.indicator = beside.indicator
    where signal.audience = 'branch'
)

select * from branch_signal
