-- one row per payer, payee, day and nature: what was paid that day; the payee is null where nobody says who it is
-- Of a payment between two clients both have a row: the payer's own says what it was, and the payee's counts where the
-- payer shows none.
with
link as (
    select * from features_graph.related
),

transfer as (
    select
        transfer.client_id,
        transfer.booked_on,
        transfer.direction,
        transfer.nature,
        transfer.amount,
        party.node_id,
        party.client_id as other_client_id,
        party.certainty_pct
    from features_graph.transfer as transfer
    left join features_graph.party as party
        on
            coalesce(transfer.party_id, '') = coalesce(party.party_id, '')
            and coalesce(transfer.party_name, '') = coalesce(party.party_name, '')
),

paid as (
    select
        client_id as payer,
        node_id as payee,
        booked_on,
        nature,
        sum(amount) as amount,
        true as is_payer_client,
        other_client_id is not null as is_payee_client,
        min(case when other_client_id is not null then certainty_pct else 100 end) as certainty_pct
    from transfer
    where direction = 'D' and coalesce(node_id <> client_id, true)
    group by client_id, node_id, booked_on, nature, other_client_id is not null
),

received as (
    select
        node_id as payer,
        client_id as payee,
        booked_on,
        nature,
        sum(amount) as amount,
        other_client_id is not null as is_payer_client,
        true as is_payee_client,
        min(case when other_client_id is not null then certainty_pct else 100 end) as certainty_pct
    from transfer
    where direction = 'C' and node_id <> client_id
    group by client_id, node_id, booked_on, nature, other_client_id is not null
),

told as (
    select distinct
        payer,
        payee,
        booked_on
    from paid
    where is_payee_client
),

both_sides as (
    select * from paid
    union all
    select received.*
    from received
    left join told
        on received.payer = told.payer and received.payee = told.payee and received.booked_on = told.booked_on
    where told.payer is null
),

-- between parties of one group money is moved about, and is no trade
payment as (
    select
        both_sides.payer,
        both_sides.payee,
        both_sides.booked_on,
        case
            when both_sides.nature <> 'plain' then both_sides.nature
            when link.client_id is not null or payer.group_id = payee.group_id then 'related'
            else 'plain'
        end as nature,
        cast(both_sides.amount as decimal(38, 2)) as amount,
        both_sides.is_payer_client,
        both_sides.is_payee_client,
        payee.group_id as payee_group_id,
        both_sides.certainty_pct
    from both_sides
    left join link on both_sides.payer = link.client_id and both_sides.payee = link.node_id
    left join features.client_mapping as payer on both_sides.payer = payer.client_id
    left join features.client_mapping as payee on both_sides.payee = payee.client_id
)

select * from payment
