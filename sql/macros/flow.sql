{# The converted transactions of a relation with source.txn's columns; a reversal and what it reverses cancel out. #}
{% macro flows(relation) %}
select
    txn.txn_id,
    txn.booked_on,
    account.client_id,
    txn.direction,
    txn.arrived_on,
    case
        when coalesce(txn.ccy, $base_ccy) = $base_ccy then txn.amount
        else cast(txn.amount * fx.rate as decimal(18, 2))
    end as amount_base,
    coalesce(txn.purpose, 'other') not in ('fee', 'interest', 'loan_disbursement', 'loan_repayment')
        as is_client_initiated,
    coalesce(txn.is_returned, false) as is_returned,
    coalesce(txn.purpose, 'other') = 'fee' as is_fee,
    txn.reverses_txn_id is not null or reversed.txn_id is not null as is_reversal,
    not coalesce(txn.is_returned, false)
    and txn.reverses_txn_id is null
    and reversed.txn_id is null
    and purpose_rule.code is null
    and kind_rule.code is null
    and coalesce(txn.counterparty_id, '') <> account.client_id
    and (peer.client_id is null or account.group_id is null or peer.group_id <> account.group_id)
        as is_operating_flow
from {{ relation }} as txn
inner join features.account_mapping as account on txn.account_id = account.account_id
left join staging.fx as fx
    on
        coalesce(txn.ccy, $base_ccy) <> $base_ccy
        and txn.ccy = fx.ccy
        and txn.booked_on >= fx.from_date
        and txn.booked_on < fx.to_date
left join (
    select distinct reverses_txn_id as txn_id from {{ relation }}
    where reverses_txn_id is not null
) as reversed on txn.txn_id = reversed.txn_id
left join policy.excluded_flow as purpose_rule on purpose_rule.subject = 'purpose' and txn.purpose = purpose_rule.code
left join policy.excluded_flow as kind_rule
    on kind_rule.subject = 'counterparty_kind' and txn.counterparty_kind = kind_rule.code
left join (
    select
        client_id,
        group_id
    from source.client
    where group_id is not null
) as peer on txn.counterparty_id = peer.client_id
where txn.booked_on <= $business_date
{% endmacro %}

{# What some flows come to, a row per client and booking date. #}
{% macro per_day(relation) %}
select
    client_id,
    booked_on,
    coalesce(sum(case when is_operating_flow and direction = 'C' then amount_base end), 0) as inflow_amt,
    coalesce(sum(case when is_operating_flow and direction = 'D' then amount_base end), 0) as outflow_amt,
    coalesce(sum(case when is_fee and direction = 'D' and not is_reversal then amount_base end), 0) as fee_amt,
    sum(case when is_operating_flow and direction = 'C' then 1 else 0 end) as inflow_count,
    sum(case when is_operating_flow and direction = 'D' then 1 else 0 end) as outflow_count,
    sum(case when is_client_initiated and not is_reversal then 1 else 0 end) as client_initiated_count,
    sum(case when is_client_initiated and direction = 'D' and not is_reversal then 1 else 0 end) as attempt_count,
    sum(case when is_returned then 1 else 0 end) as returned_count,
    sum(case when is_operating_flow and amount_base is null then 1 else 0 end) as unconverted_count,
    count(*) as txn_count
from {{ relation }}
group by client_id, booked_on
{% endmacro %}
