-- one row per company with inflows worth the name: T12, the share of its largest payer in a year, and how concentrated
-- its payers are (the sum of the squares of their shares)
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/party.sql' as party_of %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T12'
),

amount as (
    select coalesce(max(amber_amt), 0) as amber_amt
    from policy.indicator_amount
    where indicator = 'T12'
),

setting as (
    select max(case when setting = 'payer_named_pct' then value end) as named_pct
    from policy.signal_setting
),

client as (
    select * from staging.client
    where not is_natural_person and not coalesce(is_spv, false)
),

span as (
    select * from features.client_span
),

flow as (
    select * from features.client_window
),

owner as (
    select distinct client_id
    from features.project_state
),

total as (
    select
        flow.client_id,
        flow.inflow_365d_amt as inflow_amt,
        flow.unconverted_455d_count = 0 as is_converted,
        client.is_spv is not null or owner.client_id is null as is_kind_known,
        coalesce(client.branch_id, '') as branch_id,
        span.covered_365d_days,
        span.last_data_date
    from flow
    inner join client on flow.client_id = client.client_id
    inner join span on flow.client_id = span.client_id
    cross join amount
    left join owner on flow.client_id = owner.client_id
    where
        flow.inflow_365d_amt > 0
        and 365 * flow.inflow_365d_amt >= 12 * span.covered_365d_days * (amount.amber_amt - 0.005)
),

payer as (
    select
        payer.client_id,
        payer.party_key,
        payer.inflow_365d_amt,
        cast(payer.inflow_365d_amt / nullif(total.inflow_amt, 0) as decimal(18, 6)) as share,
        row_number() over (
            partition by payer.client_id
            order by payer.inflow_365d_amt desc, payer.party_key asc
        ) as place
    from features.client_party as payer
    inner join total on payer.client_id = total.client_id
    where payer.inflow_365d_amt > 0
),

summed as (
    select
        client_id,
        sum(share) as named_share,
        cast(sum(share * share) as decimal(18, 6)) as square_sum,
        max(case when place = 1 then share end) as top_share,
        max(case when place = 1 then party_key end) as party_key
    from payer
    group by client_id
),

-- a client is told as warnings_payer.known has it; anybody else by its number where it is a person, or may be one
top_payer as (
    select
        summed.*,
        party.client_id as payer_client_id,
        known.party_key is not null as is_known,
        known.branch_id,
        known.told_name,
        {{ party_of.node_of('payer') }} as node_id,
        {{ party_of.is_masked(
            party_of.kind_of('payer', 'party.kind'), 'known.party_key', 'known.is_natural_person'
        ) }} as is_masked
    from summed
    left join features.client_party as payer
        on summed.client_id = payer.client_id and summed.party_key = payer.party_key
    left join features.party as party on summed.party_key = party.party_key
    left join warnings_payer.known as known on coalesce(party.client_id, summed.party_key) = known.party_key
),

-- without it own money and loans would count as flows of business
purpose_column as (
    select count(*) as is_supplied
    from night.supplied_column
    where table_name = 'txn' and column_name = 'purpose'
),

measured as (
    select
        total.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        total.is_converted
        and purpose_column.is_supplied > 0
        and total.is_kind_known
        and total.covered_365d_days >= rule.min_days
        and coalesce(100 * top_payer.named_share >= setting.named_pct, false) as is_assessed,
        100 * coalesce(top_payer.top_share, 0) as value,
        cast(top_payer.square_sum as decimal(18, 4)) as baseline,
        total.inflow_amt as second_value,
        total.last_data_date as data_date,
        'client_party:' || total.client_id as source_keys,
        -- a branch is not told the name of another one's client
        coalesce(top_payer.is_known, false)
        and coalesce(top_payer.branch_id <> total.branch_id, true) as is_elsewhere,
        top_payer.party_key is not null as is_found,
        coalesce(
            top_payer.told_name,
            {{ party_of.told_key(
                'top_payer.party_key', 'top_payer.payer_client_id', 'top_payer.is_masked', 'top_payer.node_id'
            ) }}
        ) as payer_name,
        total.is_converted
        and purpose_column.is_supplied > 0
        and total.is_kind_known
        and total.covered_365d_days >= rule.min_days as may_fire,
        total.covered_365d_days < rule.min_days as is_short
    from total
    cross join rule
    cross join setting
    cross join purpose_column
    left join top_payer on total.client_id = top_payer.client_id
),

-- what is not named only makes the share larger
{{ indicator.judge(
    amber_if='measured.may_fire',
    reason_case=party_of.unnamed,
    detail='coalesce(' ~ party_of.unnamed ~ ', measured.payer_name)',
    unread_case="case when measured.is_short then 'short_history' when measured.may_fire then 'unnamed_payers' end"
) }}

select * from worst
