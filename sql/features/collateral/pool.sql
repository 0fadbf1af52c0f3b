-- one row per client and pool: its open loans and all that share collateral with them, what they owe, what secures it
-- Loans of one collateral are one pool, and so are those of a loan's further collaterals, three steps far. What two
-- pools still share is parted by what they owe, so that no value counts twice.
{% set rounds = 3 %}
with
loan as (
    select
        loan_id,
        client_id,
        case when is_assessed then outstanding_amt end as outstanding_amt
    from features.loan_state
    where status <> 'closed' and coalesce(outstanding_amt > 0, true)
),

link as (
    select
        link.collateral_id,
        loan.loan_id,
        loan.client_id,
        loan.outstanding_amt
    from source.collateral_loan as link
    inner join loan on link.loan_id = loan.loan_id
    inner join source.collateral as collateral on link.collateral_id = collateral.collateral_id
),

pooled_0 as (
    select distinct
        loan_id,
        loan_id as pool
    from link
),

{% for round in range(1, rounds + 1) -%}
shared_{{ round }} as (
    select
        link.collateral_id,
        min(pooled.pool) as pool
    from link
    inner join pooled_{{ round - 1 }} as pooled on link.loan_id = pooled.loan_id
    group by link.collateral_id
),

pooled_{{ round }} as (
    select
        link.loan_id,
        min(shared.pool) as pool
    from link
    inner join shared_{{ round }} as shared on link.collateral_id = shared.collateral_id
    group by link.loan_id
),

{% endfor -%}
owed as (
    select
        pooled.pool,
        sum(loan.outstanding_amt) as outstanding_amt,
        count(*) as loans,
        sum(case when loan.outstanding_amt is null then 1 else 0 end) as unknown_loans
    from pooled_{{ rounds }} as pooled
    inner join loan on pooled.loan_id = loan.loan_id
    group by pooled.pool
),

-- what each pool owes of the loans of a collateral
part as (
    select
        link.collateral_id,
        pooled.pool,
        sum(link.outstanding_amt) as outstanding_amt
    from link
    inner join pooled_{{ rounds }} as pooled on link.loan_id = pooled.loan_id
    group by link.collateral_id, pooled.pool
),

whole as (
    select
        collateral_id,
        sum(outstanding_amt) as outstanding_amt,
        count(*) as pools
    from part
    group by collateral_id
),

valued as (
    select
        part.pool,
        part.collateral_id,
        coalesce(kind.is_ltv_judged, true) as is_judged,
        case
            when collateral.value_amt > coalesce(collateral.prior_lien_amt, 0)
                then collateral.value_amt - coalesce(collateral.prior_lien_amt, 0)
            when collateral.value_amt is not null then 0
        end as net_amt,
        case
            when whole.pools = 1 then 1
            else coalesce(cast(part.outstanding_amt / nullif(whole.outstanding_amt, 0) as decimal(18, 6)), 0)
        end as share
    from part
    inner join whole on part.collateral_id = whole.collateral_id
    inner join source.collateral as collateral on part.collateral_id = collateral.collateral_id
    left join policy.collateral_kind as kind on collateral.kind = kind.kind
),

secured as (
    select
        pool,
        sum(cast(net_amt * share as decimal(18, 2))) as value_amt,
        count(*) as collaterals,
        sum(case when net_amt is null then 1 else 0 end) as unknown_values,
        min(case when is_judged then 1 else 0 end) = 1 as is_judged
    from valued
    group by pool
),

owner as (
    select
        loan.client_id,
        pooled.pool,
        min(loan.loan_id) as loan_id
    from pooled_{{ rounds }} as pooled
    inner join loan on pooled.loan_id = loan.loan_id
    group by loan.client_id, pooled.pool
),

pool as (
    select
        owner.client_id,
        owner.loan_id,
        owner.pool,
        owed.loans,
        owed.unknown_loans,
        coalesce(owed.outstanding_amt, 0) as outstanding_amt,
        secured.collaterals,
        secured.unknown_values,
        coalesce(secured.value_amt, 0) as value_amt
    from owner
    inner join owed on owner.pool = owed.pool
    inner join secured on owner.pool = secured.pool
    where secured.is_judged
)

select * from pool
