-- one row per client and signal that a branch could read and that is gone since the last contact
with
last_contact as (
    select
        client_id,
        last_on
    from tasks_contact.background
),

gone as (
    select
        episode.client_id,
        episode.indicator,
        max(episode.closed_on) as closed_on
    from warnings.episode as episode
    inner join last_contact on episode.client_id = last_contact.client_id
    where episode.audience = 'branch' and episode.closed_on > last_contact.last_on
    group by episode.client_id, episode.indicator
)

select * from gone
