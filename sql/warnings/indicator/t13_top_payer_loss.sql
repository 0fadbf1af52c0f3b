-- one row per client with a payer that mattered in the year before: T13, how long such a one has been silent, in its
-- usual gaps; red where the client's whole inflow falls too (T02)
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/party.sql' as party_of %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T13'
),

amount as (
    select coalesce(max(amber_amt), 0) as amber_amt
    from policy.indicator_amount
    where indicator = 'T13'
),

setting as (
    select
        max(case when setting = 'payer_share_pct' then value end) as share_pct,
        max(case when setting = 'payer_least_count' then value end) as least_count,
        max(case when setting = 'payer_least_days' then value end) as least_days
    from policy.signal_setting
),

span as (
    select * from features.client_span
),

flow as (
    select * from features.client_window
),

inflow_fall as (
    select
        client_id,
        severity
    from warnings_indicator.t02_inflow_decline
    where severity in ('amber', 'red')
),

total as (
    select
        flow.client_id,
        flow.inflow_prior_365d_amt,
        flow.unconverted_455d_count = 0 as is_converted,
        span.covered_prior_365d_days,
        least(span.last_data_date, $business_date) as last_data_date
    from flow
    inner join span on flow.client_id = span.client_id
    cross join amount
    where 365 * flow.inflow_prior_365d_amt >= 12 * span.covered_prior_365d_days * (amount.amber_amt - 0.005)
),

payer as (
    select
        payer.client_id,
        payer.party_key,
        payer.person_on,
        payer.company_on,
        {{ party_of.node_of('payer') }} as node_id,
        total.last_data_date,
        total.is_converted,
        total.covered_prior_365d_days,
        payer.last_inflow_on,
        cast(
            100 * payer.inflow_prior_365d_amt / nullif(total.inflow_prior_365d_amt, 0) as decimal(18, 4)
        ) as share_pct,
        cast(total.covered_prior_365d_days / nullif(payer.inflow_prior_365d_count, 0) as decimal(18, 4)) as gap_days,
        payer.inflow_prior_365d_count
    from features.client_party as payer
    inner join total on payer.client_id = total.client_id
),

mattered as (
    select
        payer.*,
        -- a branch is not told the name of another one's client
        known.party_key is not null
        and coalesce(known.branch_id <> coalesce(client.branch_id, ''), true) as is_elsewhere,
        known.told_name,
        party.client_id as payer_client_id,
        {{ party_of.is_masked(
            party_of.kind_of('payer', 'party.kind'), 'known.party_key', 'known.is_natural_person'
        ) }} as is_masked,
        greatest(date_diff('day', payer.last_inflow_on, payer.last_data_date), 0) as silent_days
    from payer
    cross join setting
    left join staging.client as client on payer.client_id = client.client_id
    left join features.party as party on payer.party_key = party.party_key
    left join warnings_payer.known as known on coalesce(party.client_id, payer.party_key) = known.party_key
    where payer.share_pct >= setting.share_pct and payer.inflow_prior_365d_count >= setting.least_count
),

-- a client is told as warnings_payer.known has it; anybody else by its number where it is a person, or may be one
told as (
    select
        mattered.*,
        {{ party_of.told_key('party_key', 'payer_client_id', 'is_masked', 'node_id') }} as payer_key,
        true as is_found
    from mattered
),

-- without it own money and loans would count as flows of business
purpose_column as (
    select count(*) as is_supplied
    from night.supplied_column
    where table_name = 'txn' and column_name = 'purpose'
),

measured as (
    select
        mattered.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        mattered.is_converted
        and purpose_column.is_supplied > 0
        and mattered.covered_prior_365d_days >= rule.min_days as is_assessed,
        cast(mattered.silent_days / nullif(mattered.gap_days, 0) as decimal(18, 4)) as value,
        mattered.share_pct as baseline,
        mattered.silent_days as second_value,
        mattered.last_data_date as data_date,
        'client_party:' || mattered.client_id
        || case when mattered.is_elsewhere then '' else coalesce('|' || mattered.payer_key, '') end as source_keys,
        mattered.silent_days >= setting.least_days as is_long,
        mattered.covered_prior_365d_days < rule.min_days as is_short,
        mattered.is_elsewhere,
        mattered.is_found,
        coalesce(mattered.told_name, mattered.payer_key) as payer_name,
        inflow_fall.severity is not null as is_falling
    from told as mattered
    cross join rule
    cross join setting
    cross join purpose_column
    left join inflow_fall on mattered.client_id = inflow_fall.client_id
),

{{ indicator.judge(
    amber_if='measured.is_assessed and measured.is_long',
    red_too='measured.is_assessed and measured.is_long and measured.value > rule.amber_value and measured.is_falling',
    red_threshold='rule.amber_value',
    reason_case=party_of.unnamed,
    detail='coalesce(' ~ party_of.unnamed ~ ', measured.payer_name)',
    guard_case="'few_days'",
    unread_case="case when measured.is_short then 'short_history' end",
    many=true
) }}

select * from worst
