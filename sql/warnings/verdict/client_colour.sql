-- one row per client with a colouring signal: the score, and the rank of its colour
with
fired as (
    select distinct client_id
    from warnings_verdict.fired
    where counts_for_colour
),

scored as (
    select
        client_id,
        max(score) as score
    from warnings_verdict.tally
    group by client_id
),

ranked as (
    select
        client_id,
        max(rank) as rank
    from warnings_verdict.reached
    group by client_id
),

client_colour as (
    select
        fired.client_id,
        coalesce(scored.score, 0) as score,
        coalesce(ranked.rank, 0) as rank
    from fired
    left join scored on fired.client_id = scored.client_id
    left join ranked on fired.client_id = ranked.client_id
)

select * from client_colour
