-- one row per open need with a date and bundle of the catalogue for it: amount, tenor, shape, what it means to who
-- pays, and whether it may be offered, with the rule that decides
with
bundle as (
    select * from care_proposal.bundle
),

verdict as (
    select * from care_proposal.verdict
),

proposed as (
    select
        bundle.proposal_id,
        bundle.client_id,
        bundle.need_id,
        bundle.bundle,
        bundle.product,
        coalesce(shaped.amount_amt, bundle.sized_amt) as amount,
        bundle.tenor_months,
        shaped.shape,
        shaped.min_dscr,
        shaped.avg_dscr,
        shaped.total_interest_amt as total_interest,
        verdict.verdict,
        verdict.reason,
        $business_date as business_date,
        bundle.branch_id,
        bundle.project_id,
        bundle.kind as need_kind,
        bundle.by_when,
        bundle.place,
        bundle.paid_out_on,
        bundle.asked_amt,
        coalesce(shaped.capacity_amt, bundle.reckoned_amt) as capacity_amt,
        shaped.capacity_down_amt,
        shaped.min_dscr_down,
        shaped.life_cover,
        shaped.life_cover_down,
        shaped.peak_service_amt,
        shaped.average_life_years,
        bundle.rate_low_pct,
        bundle.rate_high_pct,
        bundle.rate_pct,
        margin.margin_pct,
        -- what is owed already and what is new beyond what it replaces, at the product's share of value
        case
            when
                margin.ltv_most_pct is not null
                and margin.owed_amt is not null
                and coalesce(shaped.amount_amt, bundle.sized_amt) is not null
                then greatest(
                    cast(
                        100 * (
                            margin.owed_amt + coalesce(shaped.amount_amt, bundle.sized_amt)
                            - coalesce(bundle.replaced_amt, 0)
                        ) / nullif(margin.ltv_most_pct, 0) as decimal(18, 2)
                    ) - margin.collateral_amt,
                    0
                )
        end as security_gap_amt
    from bundle
    inner join verdict on bundle.proposal_id = verdict.proposal_id
    left join care_proposal.shaped as shaped on bundle.proposal_id = shaped.proposal_id
    left join care_proposal.margin as margin on bundle.proposal_id = margin.proposal_id
)

select * from proposed
