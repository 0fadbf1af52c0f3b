-- one row per signal that counts and shares its event with another of the client: of each event one of them counts
with
-- what policy tells without counting has no part in a score
rule as (
    select indicator
    from policy.indicator
    where counts_for_colour
),

counted as (
    select
        signal.client_id,
        signal.event_key,
        signal.indicator,
        signal.points
    from warnings.signal as signal
    inner join rule on signal.indicator = rule.indicator
    where signal.severity <> 'blue' and signal.points > 0 and signal.event_key is not null
),

shared as (
    select
        client_id,
        event_key
    from counted
    group by client_id, event_key
    having count(*) > 1
),

one_matter as (
    select counted.*
    from counted
    inner join shared on counted.client_id = shared.client_id and counted.event_key = shared.event_key
)

select * from one_matter
