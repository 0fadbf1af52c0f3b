-- one row per core client and supplier whose payable is worth financing: what of it could be, and what bounds that
-- What a core client owes a supplier is estimated from a year's payments: no list of its payables is supplied.
{% import 'macros/party.sql' as party_of %}
with
setting as (
    select
        max(case when setting = 'finance_least_level' then value end) as least_level,
        max(case when setting = 'finance_most_rank' then value end) as most_rank,
        max(case when setting = 'finance_payable_days' then value end) as payable_days,
        max(case when setting = 'finance_least_amt' then value end) as least_amt,
        max(case when setting = 'finance_advance_pct' then value end) * 0.01 as advance_share,
        max(case when setting = 'finance_supplier_pct' then value end) * 0.01 as supplier_share,
        max(case when setting = 'finance_limit_pct' then value end) * 0.01 as limit_share
    from policy.ecosystem_setting
),

-- what is not yet drawn of a loan for a plant is no line
line as (
    select
        client_id,
        sum(case when is_revolving then undrawn_amt else 0 end) as undrawn_amt,
        min(case when is_assessed and is_revolving is not null then 1 else 0 end) = 1 as is_known
    from features.loan_state
    where status <> 'closed' and coalesce(is_revolving, true)
    group by client_id
),

core as (
    select
        tier.client_id,
        warning.colour,
        colour.rank,
        coalesce(line.is_known, true) as is_limit_known,
        cast(coalesce(line.undrawn_amt, 0) as decimal(18, 2)) as undrawn_amt
    from tiers.client_tier as tier
    cross join setting
    inner join policy.tier as tier_rule on tier.tier = tier_rule.tier
    inner join staging.client as client on tier.client_id = client.client_id and not client.is_natural_person
    left join warnings.warning as warning on tier.client_id = warning.client_id
    left join policy.colour as colour on warning.colour = colour.colour
    left join line on tier.client_id = line.client_id
    where tier_rule.level >= setting.least_level
),

own as (
    select
        core.client_id,
        core.colour,
        cast(core.undrawn_amt * setting.limit_share as decimal(18, 2)) as line_amt,
        case
            when coalesce(core.colour, 'not_assessed') = 'not_assessed' or not core.is_limit_known then 'not_assessed'
            when core.rank > setting.most_rank then 'colour'
            when core.undrawn_amt <= 0 then 'no_limit'
        end as refused_because
    from core
    cross join setting
),

paid as (
    select
        flow.client_id,
        coalesce(party.node_id, known.client_id, {{ party_of.node_of('flow', 'paid_by_name_on') }}) as party_id,
        max(coalesce(party.client_id, known.client_id)) as party_client_id,
        max(party.name) as name,
        max(party.kind) as kind,
        sum(flow.paid_365d_amt) as paid_amt
    from features.client_party as flow
    inner join own on flow.client_id = own.client_id
    left join features.party as party on flow.party_key = party.party_key
    left join features.client_mapping as known on flow.party_key = known.client_id
    left join policy.lead_kind as lead_kind on party.kind = lead_kind.kind
    where flow.paid_365d_amt > 0 and coalesce(lead_kind.is_lead, true)
    group by flow.client_id, coalesce(party.node_id, known.client_id, {{ party_of.node_of('flow', 'paid_by_name_on') }})
),

owed as (
    select
        paid.client_id,
        paid.party_id,
        paid.party_client_id,
        paid.name,
        {{ party_of.is_masked('paid.kind', 'paid.party_client_id', 'supplier.is_natural_person') }} as is_masked,
        cast(paid.paid_amt as decimal(38, 2)) as paid_12m_amt,
        cast(cast(paid.paid_amt as decimal(18, 2)) * setting.payable_days / 365 as decimal(18, 2)) as payable_amt
    from paid
    cross join setting
    left join staging.client as supplier on paid.party_client_id = supplier.client_id
    where not coalesce(supplier.is_natural_person, false)
),

bounded as (
    select
        owed.*,
        own.colour,
        own.line_amt,
        own.refused_because,
        cast(owed.payable_amt * setting.advance_share as decimal(18, 2)) as advance_amt,
        cast(own.line_amt * setting.supplier_share as decimal(18, 2)) as supplier_most_amt
    from owed
    cross join setting
    inner join own on owed.client_id = own.client_id
    where owed.payable_amt >= setting.least_amt
),

capped as (
    select
        *,
        case when refused_because is null then least(advance_amt, supplier_most_amt) else 0 end as wanted_amt
    from bounded
),

-- the line goes to the largest payables first
drawn as (
    select
        *,
        coalesce(
            sum(wanted_amt) over (
                partition by client_id order by payable_amt desc, party_id asc
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as before_amt
    from capped
),

told as (
    select
        client_id,
        party_id,
        party_client_id,
        name,
        is_masked,
        paid_12m_amt,
        payable_amt,
        line_amt,
        cast(greatest(least(wanted_amt, line_amt - before_amt), 0) as decimal(18, 2)) as financed_amt,
        case
            when refused_because is not null then refused_because
            when before_amt + wanted_amt > line_amt then 'line'
            when advance_amt > supplier_most_amt then 'supplier'
            else 'advance'
        end as bound_by
    from drawn
)

select * from told
