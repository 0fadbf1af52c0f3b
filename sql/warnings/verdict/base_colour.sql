-- one row per active client (or one that still owes): its colour by what is seen of it alone, contagion apart, and if
-- something that stood or is withheld is unseen, so that it may be worse
-- Indicators of contagion look at this one, and the colour that is told comes after them: none can feed itself.
with
client as (
    select * from staging.client
),

reading as (
    select
        client_id,
        sum(case when is_counted then 1 else 0 end) as applicable_count,
        sum(case when is_counted and is_assessed then 1 else 0 end) as assessed_count
    from warnings_verdict.reading
    group by client_id
),

reached as (
    select
        client_id,
        max(rank) as rank
    from warnings_verdict.own_reached
    group by client_id
),

client_floor as (
    select * from warnings_verdict.client_floor
),

blind as (
    select * from warnings_verdict.blind
),

no_credit as (
    select * from warnings_verdict.no_credit
    where is_known
),

colour as (
    select * from policy.colour
),

ranked as (
    select
        client.client_id,
        greatest(coalesce(reached.rank, 0), coalesce(client_floor.least_rank, 0)) as rank,
        no_credit.client_id is not null as is_no_credit,
        coalesce(blind.is_unseen, false) as is_unseen,
        blind.client_id is null
        and coalesce(
            cast(reading.assessed_count / nullif(reading.applicable_count, 0) as decimal(6, 4)) >= green.min_coverage,
            false
        ) as is_well
    from client
    inner join colour as green on green.colour = 'green'
    left join reading on client.client_id = reading.client_id
    left join reached on client.client_id = reached.client_id
    left join client_floor on client.client_id = client_floor.client_id
    left join blind on client.client_id = blind.client_id
    left join no_credit on client.client_id = no_credit.client_id
    where client.is_active or client_floor.client_id is not null
),

named as (
    select
        client_id,
        is_unseen,
        rank,
        case
            when rank > 0 then null
            when is_no_credit then 'no_credit'
            when is_well then 'green'
            else 'not_assessed'
        end as quiet_colour
    from ranked
),

base_colour as (
    select
        named.client_id,
        coalesce(named.quiet_colour, colour.colour) as colour,
        named.is_unseen
    from named
    inner join colour on named.rank = colour.rank
)

select * from base_colour
