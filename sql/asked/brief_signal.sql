-- one row per client and signal that a branch may read, what it weighs, and whether it is newer than the last contact
{% import 'macros/told.sql' as told %}
with
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

last_contact as (
    select
        client_id,
        last_on
    from tasks_contact.background
),

told as (
    select
        signal.client_id,
        signal.indicator,
        signal.family,
        signal.severity,
        signal.hard,
        coalesce(episode.opened_on, signal.first_seen) as opened_on,
        signal.reason_zh,
        signal.reason_en,
        signal.weight,
        beside.told_with,
        coalesce(coalesce(episode.started_on, signal.first_seen) > last_contact.last_on, false) as is_since_contact
    from warnings.signal as signal
    left join last_contact on signal.client_id = last_contact.client_id
    left join episode
        on
            signal.client_id = episode.client_id
            and signal.indicator = episode.indicator
            and coalesce(signal.loan_id, '') || '|' || coalesce(signal.project_id, '') = episode.subject
    left join beside on signal.client_id = beside.client_id and signal.indicator = beside.indicator
    where signal.audience = 'branch'
)

select * from told
