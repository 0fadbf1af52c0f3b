-- one row per client, loan or project, and signal that a branch could read and that cleared since the last contact; it
-- may go on at another loan or project (`is_elsewhere`)
-- What lapsed is not better, and no news of that kind.
with
last_contact as (
    select
        client_id,
        last_on
    from tasks_contact.background
),

signal as (
    select
        client_id,
        indicator
    from warnings.signal
),

gone as (
    select
        episode.client_id,
        episode.indicator,
        episode.loan_id,
        episode.project_id,
        max(episode.closed_on) as closed_on
    from warnings.episode as episode
    inner join last_contact on episode.client_id = last_contact.client_id
    where
        episode.audience = 'branch'
        and episode.closed_on > last_contact.last_on
        and episode.closed_because is distinct from 'lapsed'
    group by episode.client_id, episode.indicator, episode.loan_id, episode.project_id
),

told as (
    select
        gone.*,
        signal.client_id is not null as is_elsewhere
    from gone
    left join signal on gone.client_id = signal.client_id and gone.indicator = signal.indicator
)

select * from told
