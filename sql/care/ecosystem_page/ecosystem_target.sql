-- one row per client and place that most of its money of 90 days went to: how much, and whether it is newly paid
{% import 'macros/party.sql' as party_of %}
with
setting as (
    select max(case when setting = 'silent_target_count' then value end) as target_count
    from policy.ecosystem_setting
),

went as (
    select
        flow.client_id,
        coalesce(party.node_id, known.client_id, flow.party_key) as party_id,
        max(coalesce(party.client_id, known.client_id)) as party_client_id,
        max(party.name) as name,
        max(party.bank) as bank,
        max(party.kind) as kind,
        sum(flow.outflow_90d_amt) as outflow_amt,
        sum(flow.paid_365d_count) as paid_count,
        sum(flow.outflow_90d_count) as outflow_count
    from features.client_party as flow
    left join features.party as party on flow.party_key = party.party_key
    left join features.client_mapping as known on flow.party_key = known.client_id
    where flow.outflow_90d_amt > 0
    group by flow.client_id, coalesce(party.node_id, known.client_id, flow.party_key)
),

placed as (
    select
        *,
        row_number() over (partition by client_id order by outflow_amt desc, party_id asc) as place
    from went
),

told as (
    select
        placed.client_id,
        placed.place,
        placed.party_id,
        placed.party_client_id,
        placed.name,
        placed.bank,
        {{ party_of.is_masked('placed.kind', 'placed.party_client_id', 'known.is_natural_person') }} as is_masked,
        cast(placed.outflow_amt as decimal(38, 2)) as outflow_90d_amt,
        -- of what is bought; where its own money goes nobody knows since when
        case when placed.paid_count > 0 then placed.paid_count <= placed.outflow_count end as is_new
    from placed
    cross join setting
    left join staging.client as known on placed.party_client_id = known.client_id
    where
        placed.place <= setting.target_count
        -- a person behind a payment is not named
        and coalesce(placed.kind <> 'person', true)
)

select * from told
