-- one row per tie between two clients (control, group, guarantee, supply or payment) and the table that says so
with
member as (
    select * from care_ecosystem.member
),

head as (
    select
        group_id,
        coalesce(min(carrier_client_id), min(client_id)) as client_id
    from member
    where told_by = 'register'
    group by group_id
),

exposure as (
    select
        client_id,
        exposure_amt
    from features.client_exposure
),

flow as (
    select
        client_id,
        inflow_365d_amt
    from features.client_window
),

tie as (
    select
        head.client_id as from_id,
        member.client_id as to_id,
        'group' as kind,
        cast(null as decimal(18, 4)) as share_pct,
        cast(null as decimal(38, 2)) as amount_amt,
        cast(null as date) as since,
        'client' as source,
        cast(100 as decimal(18, 4)) as certainty_pct
    from member
    inner join head on member.group_id = head.group_id
    where member.told_by = 'register' and member.client_id <> head.client_id
    union all
    select
        client_id as from_id,
        other_client_id as to_id,
        case kind when 'controls' then 'control' when 'supplies' then 'supply' else 'group' end as kind,
        cast(share_pct as decimal(18, 4)) as share_pct,
        cast(null as decimal(38, 2)) as amount_amt,
        valid_from as since,
        'client_link' as source,
        cast(100 as decimal(18, 4)) as certainty_pct
    from care_ecosystem.link
    where kind in ('controls', 'supplies', 'same_group')
    union all
    select
        guaranteed.guarantor_id as from_id,
        guaranteed.debtor_id as to_id,
        'guarantee' as kind,
        cast(100 * guaranteed.amount / nullif(exposure.exposure_amt, 0) as decimal(18, 4)) as share_pct,
        guaranteed.amount as amount_amt,
        guaranteed.since,
        guaranteed.source,
        cast(100 as decimal(18, 4)) as certainty_pct
    from care_ecosystem.guaranteed as guaranteed
    left join exposure on guaranteed.debtor_id = exposure.client_id
    union all
    select
        payment.payer_id as from_id,
        payment.payee_id as to_id,
        'payment' as kind,
        cast(100 * payment.amount / nullif(flow.inflow_365d_amt, 0) as decimal(18, 4)) as share_pct,
        cast(payment.amount as decimal(38, 2)) as amount_amt,
        cast(null as date) as since,
        'txn' as source,
        payment.certainty_pct
    from care_ecosystem.payment as payment
    left join flow on payment.payee_id = flow.client_id
),

told as (
    select
        $business_date as business_date,
        tie.from_id,
        tie.to_id,
        tie.kind,
        tie.source,
        case when one.group_id = other.group_id then one.group_id end as group_id,
        tie.share_pct,
        tie.amount_amt,
        tie.since,
        tie.certainty_pct,
        -- of a circle of control, also of one client with itself
        tie.kind = 'control'
        and (tie.from_id = tie.to_id or coalesce(one_circle.circle_id = other_circle.circle_id, false))
            as is_circular
    from tie
    left join member as one on tie.from_id = one.client_id
    left join member as other on tie.to_id = other.client_id
    left join care_ecosystem.control_circle as one_circle on tie.from_id = one_circle.client_id
    left join care_ecosystem.control_circle as other_circle on tie.to_id = other_circle.client_id
)

select * from told
