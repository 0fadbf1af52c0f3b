-- one row per company and each of its five largest customers and suppliers of the year: which share of it, and whether
-- that is a concentration
{% import 'macros/party.sql' as party_of %}
with
setting as (
    select max(case when setting = 'concentrated_pct' then value end) as concentrated_pct
    from policy.ecosystem_setting
),

company as (
    select client_id from staging.client
    where not is_natural_person
),

side as (
    select
        client_id,
        party_key,
        by_name_on,
        'customer' as side,
        inflow_365d_amt as amount
    from features.client_party
    where inflow_365d_amt > 0
    union all
    select
        client_id,
        party_key,
        paid_by_name_on as by_name_on,
        'supplier' as side,
        paid_365d_amt as amount
    from features.client_party
    where paid_365d_amt > 0
),

-- two keys of one party are one party
summed as (
    select
        side.client_id,
        side.side,
        coalesce(party.node_id, known.client_id, {{ party_of.node_of('side') }}) as party_id,
        max(coalesce(party.client_id, known.client_id)) as party_client_id,
        max(party.name) as name,
        max(party.kind) as kind,
        sum(side.amount) as amount
    from side
    inner join company on side.client_id = company.client_id
    left join features.party as party on side.party_key = party.party_key
    left join features.client_mapping as known on side.party_key = known.client_id
    group by side.client_id, side.side, coalesce(party.node_id, known.client_id, {{ party_of.node_of('side') }})
),

placed as (
    select
        *,
        sum(amount) over (partition by client_id, side) as total_amt,
        row_number() over (partition by client_id, side order by amount desc, party_id asc) as place
    from summed
),

measured as (
    select
        client_id,
        side,
        place,
        party_id,
        party_client_id,
        name,
        kind,
        cast(amount as decimal(38, 2)) as amount_12m_amt,
        cast(100 * amount / nullif(total_amt, 0) as decimal(18, 2)) as share_pct
    from placed
    where place <= 5
),

told as (
    select
        measured.*,
        {{ party_of.is_masked('measured.kind', 'measured.party_client_id', 'known.is_natural_person') }} as is_masked,
        measured.share_pct >= setting.concentrated_pct as is_concentrated
    from measured
    cross join setting
    left join staging.client as known on measured.party_client_id = known.client_id
)

select * from told
