-- one row per client with a colouring signal: the score, and the rank of its colour with and without contagion
with
fired as (
    select * from warnings_verdict.fired
    where counts_for_colour
),

colour as (
    select * from policy.colour
),

catching as (
    select distinct client_id
    from fired
    where is_contagion
),

tally as (
    select * from warnings_verdict.tally
),

combined as (
    select
        tally.client_id,
        tally.basis,
        max(tally.score) as score,
        max(colour.rank) as rank
    from tally
    left join colour
        on
            tally.score >= colour.min_score
            or (tally.red_count >= colour.red_count and tally.red_groups >= colour.red_groups)
            or tally.red_weight >= colour.single_red_weight
            or (tally.amber_count >= colour.amber_count and tally.amber_groups >= colour.amber_groups)
    group by tally.client_id, tally.basis
),

-- a hard signal is red by itself, and some signals set a least colour
least_rank as (
    select
        fired.client_id,
        max(colour.rank) as rank,
        coalesce(max(case when not fired.is_contagion then colour.rank end), 0) as base_rank
    from fired
    inner join colour on fired.min_colour = colour.colour or (fired.is_hard and colour.colour = 'red')
    group by fired.client_id
),

best as (
    select
        client_id,
        max(case when basis = 'all' then score end) as score,
        coalesce(max(case when basis = 'all' then rank end), 0) as rank,
        coalesce(max(case when basis = 'base' then rank end), 0) as base_rank
    from combined
    group by client_id
),

client_colour as (
    select
        best.client_id,
        best.score,
        greatest(best.rank, coalesce(least_rank.rank, 0)) as rank,
        greatest(
            case when catching.client_id is null then best.rank else best.base_rank end,
            coalesce(least_rank.base_rank, 0)
        ) as base_rank
    from best
    left join least_rank on best.client_id = least_rank.client_id
    left join catching on best.client_id = catching.client_id
)

select * from client_colour
