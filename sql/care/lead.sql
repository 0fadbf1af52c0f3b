-- one row per branch and supplier or customer of its companies that banks elsewhere: how sure that is, how much in
-- twelve months, and which client knows it
with
setting as (
    select
        max(case when setting = 'lead_least_amt' then value end) as least_amt,
        max(case when setting = 'lead_least_count' then value end) as least_count,
        max(case when setting = 'lead_branch_count' then value end) as branch_count,
        max(case when setting = 'lead_side_pct' then value end) * 0.01 as side_share
    from policy.ecosystem_setting
),

client as (
    select
        client_id,
        branch_id
    from staging.client
    where is_active and not is_natural_person
),

former as (
    select client_id from staging.client
    where not is_active and not is_natural_person
),

-- who is paid at an account of this bank banks here, whatever else is written of it
here as (
    select distinct party.node_id
    from features.party as party
    inner join policy.own_bank as own_bank on lower(trim(party.bank)) like lower(own_bank.name) || '%'
),

-- who is no client, or is one no longer
outside as (
    select
        party.party_key,
        party.node_id,
        party.name,
        party.bank,
        case
            when former.client_id is not null then 'former_client'
            when party.match in ('group_name', 'several_names') then party.match
            when party.node_id like 'name:%' then 'name'
            else 'id'
        end as known_by
    from features.party as party
    left join former on party.client_id = former.client_id
    left join here on party.node_id = here.node_id
    left join policy.lead_kind as lead_kind on party.kind = lead_kind.kind
    where
        (party.client_id is null or former.client_id is not null)
        and here.node_id is null
        -- of whom nobody says what it is, it may be a person
        and coalesce(lead_kind.is_lead, party.kind is not null or former.client_id is not null)
),

dealing as (
    select
        client.branch_id,
        client.client_id,
        outside.node_id,
        outside.name,
        outside.bank,
        outside.known_by,
        certainty.certainty_pct,
        flow.paid_365d_amt,
        flow.inflow_365d_amt,
        flow.paid_365d_count,
        flow.inflow_365d_count,
        flow.last_paid_on,
        flow.last_inflow_on
    from features.client_party as flow
    inner join client on flow.client_id = client.client_id
    inner join outside on flow.party_key = outside.party_key
    inner join policy.lead_certainty as certainty on outside.known_by = certainty.known_by
    where flow.paid_365d_amt > 0 or flow.inflow_365d_amt > 0
),

-- nobody is sent to one firm by what is known of another: name, bank and certainty are of the party it is surest of
written as (
    select
        *,
        row_number() over (
            partition by branch_id, node_id
            order by certainty_pct desc, name asc nulls last, bank asc nulls last, known_by asc
        ) as surest
    from dealing
),

dealt as (
    select
        branch_id,
        node_id,
        client_id,
        sum(paid_365d_amt) as paid_amt,
        sum(inflow_365d_amt) as received_amt,
        sum(paid_365d_count + inflow_365d_count) as payment_count,
        max(greatest(coalesce(last_paid_on, last_inflow_on), coalesce(last_inflow_on, last_paid_on))) as last_on
    from dealing
    group by branch_id, node_id, client_id
),

placed as (
    select
        *,
        row_number() over (
            partition by branch_id, node_id
            order by paid_amt + received_amt desc, client_id asc
        ) as place
    from dealt
),

known as (
    select
        branch_id,
        node_id,
        sum(paid_amt) as paid_amt,
        sum(received_amt) as received_amt,
        sum(payment_count) as payment_count,
        max(last_on) as last_on,
        count(*) as client_count,
        -- who deals most with it
        max(case when place = 1 then client_id end) as client_id
    from placed
    group by branch_id, node_id
),

ranked as (
    select
        known.*,
        written.name,
        written.bank,
        written.known_by,
        written.certainty_pct,
        row_number() over (
            partition by known.branch_id
            order by known.paid_amt + known.received_amt desc, known.node_id asc
        ) as place
    from known
    cross join setting
    inner join written on known.branch_id = written.branch_id and known.node_id = written.node_id and written.surest = 1
    where
        known.paid_amt + known.received_amt >= setting.least_amt
        and known.payment_count >= setting.least_count
),

listed as (
    select ranked.*
    from ranked
    cross join setting
    where ranked.place <= setting.branch_count
),

lead as (
    select
        $business_date as business_date,
        listed.branch_id,
        listed.node_id as party_id,
        listed.name,
        listed.bank,
        case
            when listed.received_amt < (listed.paid_amt + listed.received_amt) * setting.side_share then 'supplier'
            when listed.paid_amt < (listed.paid_amt + listed.received_amt) * setting.side_share then 'customer'
            else 'both'
        end as role,
        cast(listed.paid_amt as decimal(38, 2)) as paid_12m_amt,
        cast(listed.received_amt as decimal(38, 2)) as received_12m_amt,
        cast(listed.payment_count as integer) as payment_count,
        listed.last_on,
        listed.client_id,
        cast(listed.client_count as integer) as client_count,
        listed.known_by,
        listed.certainty_pct,
        cast(listed.place as integer) as place
    from listed
    cross join setting
)

select * from lead
