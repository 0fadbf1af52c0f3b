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
        max(case when setting = 'downside_pct' then value end) as downside_pct,
        max(case when setting = 'downside_cover_least' then value end) as downside_cover_least,
        max(case when setting = 'life_cover_least' then value end) as life_cover_least
    from policy.proposal_setting
),

-- what the base case has to be covered so that the downside case still is, rounded up to the four places of a cover
asked as (
    select
        *,
        cast(
            ceil(
                10000 * cast(100 * downside_cover_least / nullif(100 - downside_pct, 0) as decimal(18, 6))
            ) * 0.0001 as decimal(18, 4)
        ) as cover_for_downside
    from setting
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
        -- amount and shape are made for every limit on cover that they are held to afterwards
        case
            when bundle.sizing = 'cash'
                then greatest(bundle.cover_least, covenant.dscr_lock_up, asked.cover_for_downside)
        end as cover_least,
        case when bundle.sizing = 'cash' then asked.life_cover_least end as life_cover_least,
        asked.round_amt,
        asked.downside_pct,
        bundle.day_count,
        bundle.waits_until as cod_on,
        bundle.grace_months,
        bundle.take_out_kind,
        bundle.take_out_amt,
        bundle.take_out_on
    from bundle
    cross join asked
    inner join policy.product_shape as shape on bundle.product = shape.product
    left join features_project.covenant_limit as covenant on bundle.project_id = covenant.project_id
    where shape.shape <> 'grace' or bundle.waits_until is not null
)

select * from term
