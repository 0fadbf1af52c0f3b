-- one row per client and signal that a branch may read, what it weighs, and whether it is newer than the last contact
{% import 'macros/told.sql' as told %}
with
{{ told.beside() }},

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
        begun.opened_on,
        signal.reason_zh,
        signal.reason_en,
        signal.weight,
        beside.told_with,
        coalesce(begun.started_on > last_contact.last_on, false) as is_since_contact
    from warnings.signal as signal
    inner join warnings_episode.begun as begun
        on signal.client_id = begun.client_id and signal.indicator = begun.indicator
    left join last_contact on signal.client_id = last_contact.client_id
    left join beside on signal.client_id = beside.client_id and signal.indicator = beside.indicator
    where signal.audience = 'branch'
)

select * from told
