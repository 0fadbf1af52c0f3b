-- one row per two clients of whom one paid the other enough in a year: how much, and how sure it is who they are
with
setting as (
    select max(case when setting = 'payment_least_amt' then value end) as least_amt
    from policy.ecosystem_setting
),

flow as (
    select
        flow.client_id,
        coalesce(account.client_id, client.client_id, party.client_id) as other_id,
        case
            when coalesce(account.client_id, client.client_id) is not null then cast(100 as decimal(18, 4))
            else party.certainty_pct
        end as certainty_pct,
        flow.inflow_365d_amt,
        flow.paid_365d_amt
    from features.client_party as flow
    left join features.account_mapping as account on flow.party_key = account.account_id
    left join features.client_mapping as client on flow.party_key = client.client_id
    left join features.party as party on flow.party_key = party.party_key
),

-- of what both sides show the larger counts: the other one sees less of it
side as (
    select
        other_id as payer_id,
        client_id as payee_id,
        'payee' as shown_by,
        inflow_365d_amt as amount,
        certainty_pct
    from flow
    where other_id <> client_id and inflow_365d_amt > 0
    union all
    select
        client_id as payer_id,
        other_id as payee_id,
        'payer' as shown_by,
        paid_365d_amt as amount,
        certainty_pct
    from flow
    where other_id <> client_id and paid_365d_amt > 0
),

shown as (
    select
        payer_id,
        payee_id,
        shown_by,
        sum(amount) as amount,
        min(certainty_pct) as certainty_pct
    from side
    group by payer_id, payee_id, shown_by
),

payment as (
    select
        shown.payer_id,
        shown.payee_id,
        max(shown.amount) as amount,
        max(shown.certainty_pct) as certainty_pct
    from shown
    group by shown.payer_id, shown.payee_id
),

tie as (
    select payment.*
    from payment
    cross join setting
    where payment.amount >= setting.least_amt
)

select * from tie
