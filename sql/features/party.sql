-- one row per other side of the last days' payments that is a client, or that much was paid to or came from: who it is
{% import 'macros/party.sql' as party %}
with
setting as (
    select max(case when setting = 'party_least_amt' then value end) as least_amt
    from policy.ecosystem_setting
),

seen as (
    select
        coalesce(transfer.party_id, {{ party.plain_name('transfer.party_name') }}) as party_key,
        transfer.party_name,
        transfer.party_bank,
        transfer.party_kind,
        transfer.amount,
        party.node_id,
        party.client_id,
        party.match,
        party.certainty_pct,
        party.is_company_name
    from features_graph.transfer as transfer
    inner join features_graph.party as party
        on
            coalesce(transfer.party_id, '') = coalesce(party.party_id, '')
            and coalesce(transfer.party_name, '') = coalesce(party.party_name, '')
    where party.node_id is not null
),

-- an id that goes by several names is the one that it is surest to be
summed as (
    select
        party_key,
        coalesce(max(client_id), max(node_id)) as node_id,
        max(client_id) as client_id,
        max(match) as match,
        max(certainty_pct) as certainty_pct,
        max(party_name) as name,
        max(party_bank) as bank,
        -- where payments do not say, a name with a legal form is a company's
        coalesce(max(party_kind), max(case when is_company_name then 'company' end)) as kind,
        sum(amount) as amount
    from seen
    where party_key is not null
    group by party_key
),

party as (
    select
        summed.party_key,
        summed.node_id,
        summed.client_id,
        summed.match,
        summed.certainty_pct,
        summed.name,
        summed.bank,
        summed.kind
    from summed
    cross join setting
    where summed.client_id is not null or summed.amount >= setting.least_amt
)

select * from party
