{% import 'macros/party.sql' as party %}
{# Which of the transactions `reversed` are taken back by the reversals `relation`, and whether as a returned payment. A
   reversal looks back, and ahead, so many days; both sides are transactions. #}
{% macro reversals(relation, reversed) %}
select
    reversed.txn_id,
    max(case when reversal.is_returned then 1 else 0 end) = 1 as is_return
from {{ relation }} as reversal
inner join {{ reversed }} as reversed on reversal.reverses_txn_id = reversed.txn_id
cross join reach
where
    reversal.booked_on >= reversed.booked_on - reach.reversal_days
    and reversal.booked_on <= reversed.booked_on + reach.reversal_days
group by reversed.txn_id
{% endmacro %}

{# Transactions with their client, base amount and nature. `reversals` is a relation as above. A flow is operating
   unless policy excludes it, it was returned, it reverses or is reversed, or it stays with the client or in its group.
   One that is
   neither returned nor taken back stands, whatever it is for. #}
{% macro flows(relation, reversals, part=none) %}
select
    {{ part ~ ',' if part }}
    txn.account_id,
    txn.booked_on,
    owner.client_id,
    txn.direction,
    case
        when coalesce(txn.ccy, $base_ccy) = $base_ccy then txn.amount
        else cast(txn.amount * fx.rate as decimal(18, 2))
    end as amount_base,
    not coalesce(purpose_rule.is_bank_initiated, false)
    and txn.reverses_txn_id is null
    and reversal.txn_id is null as is_client_initiated,
    (
        not coalesce(purpose_rule.is_bank_initiated, false)
        or coalesce(txn.is_returned, false)
        or coalesce(reversal.is_return, false)
    )
    and txn.direction = 'D' and txn.reverses_txn_id is null as is_attempt,
    (coalesce(txn.is_returned, false) or coalesce(reversal.is_return, false))
    and txn.reverses_txn_id is null as is_returned,
    coalesce(txn.purpose, '') = 'fee' as is_fee,
    not coalesce(txn.is_returned, false)
    and txn.reverses_txn_id is null
    and reversal.txn_id is null
    and not coalesce(purpose_rule.is_excluded, false)
    and not coalesce(kind_rule.is_excluded, false)
    and coalesce(paid_account.client_id <> owner.client_id, true)
    and coalesce(paid_account.group_id <> owner.group_id, true)
    and coalesce(paid_client.client_id <> owner.client_id, true)
    and coalesce(paid_client.group_id <> owner.group_id, true) as is_operating_flow,
    not coalesce(txn.is_returned, false)
    and txn.reverses_txn_id is null
    and reversal.txn_id is null as is_standing,
    purpose_rule.counts_as as purpose_as,
    kind_rule.counts_as as party_as,
    coalesce(txn.counterparty_id, {{ party.plain_name('txn.counterparty_name') }}) as party_key,
    txn.counterparty_id is null as is_by_name,
    case
        when txn.counterparty_kind is not null then txn.counterparty_kind
        when {{ party.has_legal_form('txn.counterparty_name') }} then 'company'
    end as party_kind
from {{ relation }} as txn
inner join features.account_mapping as owner on txn.account_id = owner.account_id
left join {{ reversals }} as reversal on txn.txn_id = reversal.txn_id
left join staging.fx as fx
    on
        txn.ccy <> $base_ccy
        and txn.ccy = fx.ccy
        and txn.booked_on >= fx.from_date
        and txn.booked_on <= fx.last_date
left join features_flow.purpose as purpose_rule on txn.purpose = purpose_rule.code
left join features_flow.counterparty_kind as kind_rule on txn.counterparty_kind = kind_rule.code
left join features.account_mapping as paid_account on txn.counterparty_id = paid_account.account_id
left join features.client_mapping as paid_client on txn.counterparty_id = paid_client.client_id
where txn.booked_on <= $business_date
{% endmacro %}

{# What some flows come to, a row per client and booking date; `sign` is -1 for what no longer holds. #}
{% macro per_day(relation, sign=1) %}
select
    client_id,
    booked_on,
    {{ sign }} * coalesce(sum(case when is_operating_flow and direction = 'C' then amount_base end), 0) as inflow_amt,
    {{ sign }} * coalesce(sum(case when is_operating_flow and direction = 'D' then amount_base end), 0) as outflow_amt,
    {{ sign }} * coalesce(sum(
        case when is_fee and direction = 'D' then amount_base when is_fee then -amount_base end
    ), 0) as fee_amt,
    {{ sign }} * sum(case when is_operating_flow and direction = 'C' then 1 else 0 end) as inflow_count,
    {{ sign }} * sum(case when is_operating_flow and direction = 'D' then 1 else 0 end) as outflow_count,
    {{ sign }} * sum(case when is_client_initiated then 1 else 0 end) as client_initiated_count,
    {{ sign }} * sum(case when is_attempt then 1 else 0 end) as attempt_count,
    {{ sign }} * sum(case when is_returned then 1 else 0 end) as returned_count,
    {{ sign }} * sum(case when is_operating_flow and amount_base is null then 1 else 0 end) as unconverted_count,
    {{ sign }} * coalesce(sum(case when is_standing and purpose_as = 'payroll' and direction = 'D' then amount_base end), 0)
        as payroll_amt,
    {{ sign }} * sum(case when is_standing and purpose_as = 'payroll' and direction = 'D' then 1 else 0 end) as payroll_count,
    {{ sign }} * coalesce(sum(case when is_standing and purpose_as = 'tax' and direction = 'D' then amount_base end), 0)
        as tax_amt,
    {{ sign }} * sum(case when is_standing and purpose_as = 'tax' and direction = 'D' then 1 else 0 end) as tax_count,
    {{ sign }} * sum(case when is_standing and purpose_as = 'social_security' and direction = 'D' then 1 else 0 end)
        as social_security_count,
    {{ sign }} * coalesce(sum(case when is_standing and purpose_as = 'utility' and direction = 'D' then amount_base end), 0)
        as utility_amt,
    {{ sign }} * coalesce(sum(case when is_standing and purpose_as = 'cash' and direction = 'D' then amount_base end), 0) as cash_amt,
    {{ sign }} * coalesce(sum(
        case
            when is_operating_flow and direction = 'C' and party_as in ('bank', 'private_lender') then amount_base
        end
    ), 0) as lender_inflow_amt,
    {{ sign }} * coalesce(sum(case when is_standing and party_as = 'private_lender' then amount_base end), 0)
        as private_lender_amt,
    {{ sign }} * sum(case when is_standing and party_as = 'private_lender' then 1 else 0 end)
        as private_lender_count,
    {{ sign }} * count(*) as txn_count
from {{ relation }}
group by client_id, booked_on
{% endmacro %}
