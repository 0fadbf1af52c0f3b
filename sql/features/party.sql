-- one row per other side of the last days' payments that is a client, or that much was paid to or came from: who it is
{% import 'macros/party.sql' as party %}
with
setting as (
    select max(case when setting = 'party_least_amt' then value end) as least_amt
    from policy.ecosystem_setting
),

-- summed first: a name is one of many payments
paid as (
    select
        party_id,
        party_name,
        max(party_bank) as party_bank,
        max(party_kind) as party_kind,
        sum(amount) as amount
    from features_graph.transfer
    group by party_id, party_name
),

seen as (
    select
        coalesce(paid.party_id, {{ party.plain_name('paid.party_name') }}) as party_key,
        paid.party_name,
        paid.party_bank,
        paid.party_kind,
        paid.amount,
        party.node_id,
        party.client_id,
        party.match,
        party.certainty_pct,
        party.is_company_name
    from paid
    inner join features_graph.party as party
        on
            coalesce(paid.party_id, '') = coalesce(party.party_id, '')
            and coalesce(paid.party_name, '') = coalesce(party.party_name, '')
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
