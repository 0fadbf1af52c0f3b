-- one row per bundle: what the bank would earn on it a year beyond funding and risk, and what secures it
-- The gap is what the product asks for as security beyond what of the client's collateral its loans leave free; a
-- collateral that several clients' loans share is not free.
with
owed as (
    select
        client_id,
        sum(outstanding_amt) as outstanding_amt,
        count(*) - count(outstanding_amt) as unknown_loans
    from features.loan_state
    where status = 'active'
    group by client_id
),

sharing as (
    select
        collateral_id,
        count(distinct client_id) as clients
    from features_collateral.held
    where collateral_id is not null
    group by collateral_id
),

held as (
    select
        held.client_id,
        sum(greatest(held.value_amt - coalesce(held.prior_lien_amt, 0), 0)) as value_amt
    from features_collateral.held as held
    inner join sharing on held.collateral_id = sharing.collateral_id
    where held.seized_on is null and sharing.clients = 1
    group by held.client_id
),

margin as (
    select
        bundle.proposal_id,
        bundle.rate_pct - bundle.funding_pct - bundle.risk_cost_pct as margin_pct,
        coalesce(held.value_amt, 0) as collateral_amt,
        case when coalesce(owed.unknown_loans, 0) = 0 then coalesce(owed.outstanding_amt, 0) end as owed_amt,
        bundle.ltv_most_pct
    from care_proposal.bundle as bundle
    left join owed on bundle.client_id = owed.client_id
    left join held on bundle.client_id = held.client_id
)

select * from margin
