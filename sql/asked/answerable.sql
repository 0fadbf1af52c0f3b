-- one row per task that people may answer, with the episode of its warning while that is open
with
task as (
    select
        branch_id,
        client_id,
        owner_id,
        task_key,
        card_code,
        kind,
        indicator,
        coalesce(loan_id, '') || '|' || coalesce(project_id, '') as subject,
        coalesce(is_hard, false) as is_hard
    from tasks.task
),

-- of an episode that closed and opened again the newest is meant
episode as (
    select
        client_id,
        indicator,
        coalesce(loan_id, '') || '|' || coalesce(project_id, '') as subject,
        max(episode_id) as episode_id
    from warnings.episode
    where closed_on is null
    group by client_id, indicator, coalesce(loan_id, '') || '|' || coalesce(project_id, '')
),

answerable as (
    select
        task.branch_id,
        task.client_id,
        task.owner_id,
        task.task_key,
        task.card_code,
        task.kind,
        task.is_hard,
        episode.episode_id
    from task
    left join episode
        on
            task.kind in ('warning', 'risk_signal')
            and task.client_id = episode.client_id
            and task.indicator = episode.indicator
            and task.subject = episode.subject
)

select * from answerable
