-- one row per relationship in the newest month to evaluate: what each part of its growth potential is worth, 0 to 1
with
due as (
    select max(month_no) as month_no
    from tiers_evaluation.due_month
),

setting as (
    select
        max(case when setting = 'potential_growth_pct' then value end) as growth_pct,
        max(case when setting = 'potential_notches' then value end) as notches,
        max(case when setting = 'potential_new_months' then value end) as new_months
    from policy.tier_setting
),

supplied as (
    select is_supplied as has_projects
    from night.supplied
    where table_name = 'project'
),

measured as (
    select
        metric.group_key,
        metric.month,
        metric.products,
        metric.tenure_years,
        metric.exposure_amt,
        inflow.inflow_growth_pct,
        wallet.wallet_share_pct,
        grade.is_investment_grade,
        grade.grade_rank,
        grade.grade_year_ago_rank,
        grade.grade_ranks,
        -- no project is none, where the bank tells its projects
        case
            when not supplied.has_projects or pipeline.unknown_count > 0 then null
            else coalesce(pipeline.pipeline_amt, 0)
        end as pipeline_amt,
        core_product.median_products,
        sector.is_strategic
    from tiers_evaluation.group_metric as metric
    inner join due on metric.month_no = due.month_no
    cross join supplied
    left join tiers_potential.inflow as inflow on metric.group_key = inflow.group_key
    left join tiers_potential.wallet as wallet on metric.group_key = wallet.group_key
    left join tiers_potential.pipeline as pipeline on metric.group_key = pipeline.group_key
    left join tiers_potential.core_product as core_product on metric.peer_set = core_product.peer_set
    left join tiers_potential.grade as grade on metric.group_key = grade.group_key
    left join tiers_potential.sector as sector on metric.group_key = sector.group_key
),

-- null: not assessed
judged as (
    select
        measured.*,
        cast(
            case
                when measured.inflow_growth_pct is null then null
                when measured.inflow_growth_pct <= 0 then 0
                when measured.inflow_growth_pct >= setting.growth_pct then 1
                else cast(measured.inflow_growth_pct / nullif(setting.growth_pct, 0) as decimal(18, 6))
            end as decimal(18, 6)
        ) as inflow_share,
        -- of one that is not of investment grade other banks' share is nothing to win
        cast(
            case
                when measured.is_investment_grade is null then null
                when not measured.is_investment_grade then 0
                else (100 - measured.wallet_share_pct) * 0.01
            end as decimal(18, 6)
        ) as wallet_share,
        cast(
            case
                when measured.pipeline_amt is null then null
                when measured.pipeline_amt <= 0 then 0
                when measured.exposure_amt <= measured.pipeline_amt then 1
                else cast(measured.pipeline_amt / nullif(measured.exposure_amt, 0) as decimal(18, 6))
            end as decimal(18, 6)
        ) as pipeline_share,
        cast(
            case
                when measured.median_products is null then null
                when measured.products >= measured.median_products then 0
                else 1 - cast(measured.products / nullif(measured.median_products, 0) as decimal(18, 6))
            end as decimal(18, 6)
        ) as product_share,
        cast(
            case
                when measured.grade_year_ago_rank is null or measured.grade_rank is null then null
                when measured.grade_rank >= measured.grade_year_ago_rank then 0
                when measured.grade_year_ago_rank - measured.grade_rank >= setting.notches then 1
                else cast(
                    (measured.grade_year_ago_rank - measured.grade_rank) / nullif(setting.notches, 0) as decimal(18, 6)
                )
            end as decimal(18, 6)
        ) as rating_share,
        case measured.is_strategic when true then 1 when false then 0 end as sector_share,
        case when measured.tenure_years * 12 < setting.new_months then 1 else 0 end as momentum_share
    from measured
    cross join setting
)

select * from judged
