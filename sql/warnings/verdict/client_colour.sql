-- one row per client with a colouring signal: the score, and the rank of its colour with and without contagion
with
fired as (
    select
        client_id,
        max(case when is_contagion then 1 else 0 end) as is_caught
    from warnings_verdict.fired
    where counts_for_colour
    group by client_id
),

scored as (
    select
        client_id,
        max(score) as score
    from warnings_verdict.tally
    where basis = 'all'
    group by client_id
),

ranked as (
    select
        client_id,
        max(case when basis = 'all' then rank end) as rank,
        max(case when basis = 'base' then rank end) as base_rank
    from warnings_verdict.reached
    group by client_id
),

client_colour as (
    select
        fired.client_id,
        coalesce(scored.score, 0) as score,
        coalesce(ranked.rank, 0) as rank,
        coalesce(case when fired.is_caught = 1 then ranked.base_rank else ranked.rank end, 0) as base_rank
    from fired
    left join scored on fired.client_id = scored.client_id
    left join ranked on fired.client_id = ranked.client_id
)

select * from client_colour
