-- one row per bundle that no limit stops and way of repaying it: the terms that its table is reckoned from
with
stopped as (
    select distinct proposal_id
    from care_proposal.hard_limit
    where not coalesce(is_met, false)
),

-- only what is repaid from a project's cash flow waits for its completion
bundle as (
    select
        bundle.*,
        case when bundle.sizing = 'cash' and bundle.cod_on > bundle.paid_out_on then bundle.cod_on end as waits_until
    from care_proposal.bundle as bundle
    left join stopped on bundle.proposal_id = stopped.proposal_id
    where stopped.proposal_id is null and bundle.sizing <> 'none'
),

setting as (
    select
        max(case when setting = 'round_amt' then value end) as round_amt,
        max(case when setting = 'downside_pct' then value end) as downside_pct
    from policy.proposal_setting
),

term as (
    select
        bundle.proposal_id,
        bundle.need_id,
        bundle.client_id,
        shape.shape,
        shape.place,
        shape.share_pct,
        bundle.sizing,
        bundle.sized_amt as wanted_amt,
        bundle.least_amt,
        bundle.rate_pct,
        bundle.paid_out_on,
        bundle.tenor_months,
        bundle.every_months,
        bundle.cover_least,
        setting.round_amt,
        setting.downside_pct,
        bundle.day_count,
        bundle.waits_until as cod_on,
        bundle.grace_months
    from bundle
    cross join setting
    inner join policy.product_shape as shape on bundle.product = shape.product
    where shape.shape <> 'grace' or bundle.waits_until is not null
)

select * from term
