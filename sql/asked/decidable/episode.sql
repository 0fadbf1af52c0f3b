-- one row per episode, a warning over the nights, open or closed lately; its key: the episode's id (export episode)
with
episode as (
    select
        episode_id as subject_key,
        client_id,
        branch_id,
        cast(null as varchar) as maker_id
    from warnings.episode
)

select * from episode
