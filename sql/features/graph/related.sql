-- one row per client and party related to it, its group apart: one of both controls the other, a third controls both,
-- or the client's own transactions call it a related party
with
fan_out as (
    select value from policy.trail_setting
    where setting = 'fan_out_count'
),

link as (
    select
        client_id,
        other_client_id
    from source.client_link
    where
        kind in ('controls', 'same_group')
        and client_id <> other_client_id
        and coalesce(valid_from <= $business_date, true)
        and coalesce(valid_to > $business_date, true)
),

either_way as (
    select
        client_id,
        other_client_id
    from link
    union
    select
        other_client_id as client_id,
        client_id as other_client_id
    from link
),

-- whoever controls hundreds (a state holding) makes no family of them
middle as (
    select client_id
    from either_way
    cross join fan_out
    group by client_id, fan_out.value
    having count(*) <= fan_out.value
),

called as (
    select
        transfer.client_id,
        party.node_id
    from features_graph.transfer as transfer
    inner join features_graph.party as party
        on
            coalesce(transfer.party_id, '') = coalesce(party.party_id, '')
            and coalesce(transfer.party_name, '') = coalesce(party.party_name, '')
    where transfer.nature = 'related'
),

related as (
    select
        client_id,
        other_client_id as node_id
    from either_way
    union
    select
        near.client_id,
        far.other_client_id as node_id
    from either_way as near
    inner join middle on near.other_client_id = middle.client_id
    inner join either_way as far on near.other_client_id = far.client_id
    where near.client_id <> far.other_client_id
    union
    select
        client_id,
        node_id
    from called
    where client_id <> node_id
)

select * from related
