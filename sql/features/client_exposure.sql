-- one row per client with an open loan or an off-balance item: exposure at default
with
loan as (
    select * from features.loan_state
    where status <> 'closed'
),

factor as (
    select max(case when kind = 'offbalance' then ccf_pct end) as offbalance_pct
    from policy.exposure
),

offbalance as (
    select
        item.client_id,
        sum(greatest(item.amount - coalesce(item.margin_amt, 0), 0) * factor.offbalance_pct * 0.01) as offbalance_amt
    from source.offbalance as item
    cross join factor
    where coalesce(item.expires_on >= $business_date, true)
    group by item.client_id
),

lent as (
    select
        client_id,
        sum(outstanding_amt) as outstanding_amt,
        sum(undrawn_amt) as undrawn_amt,
        sum(ead_amt) as ead_amt,
        count(*) as loan_count,
        case when count(overdue_amt) = count(*) or sum(overdue_amt) > 0 then sum(overdue_amt) end as overdue_amt,
        case when count(days_past_due) = count(*) or max(days_past_due) > 0 then max(days_past_due) end
            as max_days_past_due,
        min(case when is_assessed then 1 else 0 end) = 1 as is_assessed
    from loan
    group by client_id
),

exposed as (
    select
        coalesce(lent.client_id, offbalance.client_id) as client_id,
        coalesce(lent.outstanding_amt, 0) as outstanding_amt,
        coalesce(lent.undrawn_amt, 0) as undrawn_amt,
        coalesce(offbalance.offbalance_amt, 0) as offbalance_amt,
        coalesce(lent.ead_amt, 0) as ead_amt,
        coalesce(lent.ead_amt, 0) + coalesce(offbalance.offbalance_amt, 0) as exposure_amt,
        coalesce(lent.loan_count, 0) as loan_count,
        case when lent.client_id is null then 0 else lent.overdue_amt end as overdue_amt,
        case when lent.client_id is null then 0 else lent.max_days_past_due end as max_days_past_due,
        coalesce(lent.is_assessed, true) as is_assessed
    from lent
    full outer join offbalance on lent.client_id = offbalance.client_id
)

select * from exposed
