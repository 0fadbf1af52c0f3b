-- one row per signal: since when it is told, as its episode goes on; without one, since the night that it first fired
-- A quiet night within an episode begins nothing anew. `opened_on` stays when what was closed fires again, `started_on`
-- is of that night then, and `graver_on` is the night on which it last got graver.
with
episode as (
    select
        client_id,
        indicator,
        coalesce(loan_id, '') || '|' || coalesce(project_id, '') as subject,
        opened_on,
        started_on,
        graver_on
    from warnings.episode
    where closed_on is null
),

begun as (
    select
        signal.client_id,
        signal.indicator,
        coalesce(episode.opened_on, signal.first_seen) as opened_on,
        coalesce(episode.started_on, signal.first_seen) as started_on,
        episode.graver_on
    from warnings.signal as signal
    left join episode
        on
            signal.client_id = episode.client_id
            and signal.indicator = episode.indicator
            and coalesce(signal.loan_id, '') || '|' || coalesce(signal.project_id, '') = episode.subject
)

select * from begun
