-- one row per open need and bundle of the catalogue for it, at most three a need: the product, what of the amount can
-- be reckoned for it before any schedule, and how long it can run
{% import 'macros/month.sql' as months %}
with
setting as (
    select
        max(case when setting = 'round_amt' then value end) as round_amt,
        max(case when setting = 'late_days_most' then value end) as late_days_most
    from policy.proposal_setting
),

need as (
    select * from care_proposal.need
),

-- working capital that is replaced may be lent again
working as (
    select
        need.need_id,
        working.capacity_amt,
        case
            when replaced.working_loan_amt is null then working.capacity_amt
            else working.left_amt + replaced.working_loan_amt
        end as again_amt
    from need
    inner join care_proposal.working_capital as working on need.client_id = working.client_id
    left join care_proposal.replaced as replaced on need.need_id = replaced.need_id
),

placed as (
    select
        need.*,
        bundle.bundle,
        bundle.place,
        bundle.product,
        bundle.is_relief,
        product.sizing,
        product.max_tenor_months,
        product.least_tenor_months,
        product.every_months,
        product.day_count,
        product.cost_share_most_pct,
        product.ltv_most_pct,
        product.cover_least,
        product.rate_low_pct,
        product.rate_high_pct,
        product.rate_pct,
        product.funding_pct,
        product.risk_cost_pct,
        -- what is replaced is replaced whole: less than that is no offer
        case when bundle.is_relief then greatest(product.least_amt, replaced.replaced_amt) else product.least_amt end
            as least_amt,
        product.most_amt,
        product.colour_most,
        product.class_most,
        product.stage_most,
        least(product.usual_tenor_months, product.max_tenor_months) as usual_tenor_months,
        case
            when product.sizing = 'working_capital' and bundle.is_relief then working.again_amt
            when product.sizing = 'working_capital' then working.capacity_amt
            when product.sizing = 'data' then turnover.line_amt
            when product.sizing = 'turnover' then turnover.trade_amt
        end as whole_amt,
        case when bundle.is_relief then replaced.loans end as replaced_loans,
        case when bundle.is_relief then replaced.replaced_amt end as replaced_amt,
        case when bundle.is_relief then coalesce(replaced.working_loan_amt, 0) else 0 end as replaced_working_amt
    from need
    inner join policy.bundle as bundle
        on
            need.kind = bundle.need_kind
            and (bundle.applies_to = 'any' or need.client_kind = bundle.applies_to)
            and (bundle.segment is null or need.segment = bundle.segment)
    inner join policy.product as product on bundle.product = product.product
    left join working on need.need_id = working.need_id
    left join care_proposal.turnover as turnover on need.client_id = turnover.client_id
    left join care_proposal.replaced as replaced on need.need_id = replaced.need_id
),

-- a client has one line of a kind, however many needs it has for it: each takes what it asks for beyond what it
-- replaces
taking as (
    select
        placed.client_id,
        placed.sizing,
        placed.need_id,
        placed.by_when,
        max(greatest(least(placed.asked_amt, placed.most_amt) - placed.replaced_working_amt, 0)) as taken_amt
    from placed
    cross join setting
    where placed.sizing in ('working_capital', 'data', 'turnover') and placed.late_days <= setting.late_days_most
    group by placed.client_id, placed.sizing, placed.need_id, placed.by_when
),

earlier as (
    select
        need_id,
        sizing,
        sum(taken_amt) over (
            partition by client_id, sizing
            order by by_when, need_id
            rows between unbounded preceding and 1 preceding
        ) as earlier_amt
    from taking
),

shared as (
    select
        placed.*,
        case
            when placed.whole_amt is not null then greatest(placed.whole_amt - coalesce(earlier.earlier_amt, 0), 0)
        end as reckoned_amt
    from placed
    left join earlier on placed.need_id = earlier.need_id and placed.sizing = earlier.sizing
),

-- a project's loan ends before its concession and within its forecast; what is not known of either stays open; a
-- service lends nothing, and has neither tenor nor amount
capped as (
    select
        shared.*,
        setting.round_amt,
        case
            when shared.sizing = 'none' then null
            when shared.sizing <> 'cash' or shared.project_id is null then shared.usual_tenor_months
            when shared.forecast_months is null then null
            else least(
                shared.usual_tenor_months,
                shared.forecast_months,
                coalesce(shared.concession_months, shared.forecast_months)
            )
        end as open_months,
        least(shared.most_amt, shared.reckoned_amt) as top_amt
    from shared
    cross join setting
),

-- whole periods only
sized as (
    select
        *,
        open_months - open_months % nullif(every_months, 0) as tenor_months,
        cast(
            case
                when asked_amt is null or sizing = 'none' then null
                when sizing in ('working_capital', 'data', 'turnover') and reckoned_amt is null then null
                when top_amt is null or asked_amt <= top_amt then asked_amt
                else floor(cast(top_amt / nullif(round_amt, 0) as decimal(18, 6))) * round_amt
            end as decimal(18, 2)
        ) as sized_amt
    from capped
),

bundled as (
    select
        need_id || '-' || bundle as proposal_id,
        *
    from sized
)

select * from bundled
