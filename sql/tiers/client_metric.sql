-- one row per client: its figures of the newest evaluated month beside its relationship's, carried until the next
with
active as (
    select client_id
    from staging.client
    where is_active
),

last_month as (
    select max(month_no) as month_no
    from tiers_evaluation.due_month
),

evaluated as (
    select
        metric.client_id,
        metric.month,
        group_metric.peer_set,
        score.percentile_set,
        raw_tier.peers,
        raw_tier.peer_rank,
        member.sponsor_group_id as group_id,
        metric.dep_avg_month_amt,
        metric.dep_avg_365_amt,
        metric.dep_avg_30_amt,
        metric.dep_avg_90_amt,
        metric.month_end_amt,
        metric.is_dep_estimated,
        metric.contrib_amt,
        metric.is_contrib_estimated,
        metric.economic_capital_amt,
        metric.eva_amt,
        metric.raroc_pct,
        metric.active_months,
        metric.observed_months,
        metric.turnover_month_amt,
        metric.products,
        metric.tenure_years,
        metric.exposure_amt,
        group_metric.dep_avg_month_amt as group_dep_avg_month_amt,
        group_metric.dep_avg_365_amt as group_dep_avg_365_amt,
        group_metric.dep_avg_30_amt as group_dep_avg_30_amt,
        group_metric.dep_avg_90_amt as group_dep_avg_90_amt,
        group_metric.contrib_amt as group_contrib_amt,
        group_metric.eva_amt as group_eva_amt,
        group_metric.exposure_amt as group_exposure_amt,
        group_metric.is_dep_estimated as is_group_dep_estimated,
        group_metric.activity_pct as group_activity_pct,
        group_metric.products as group_products,
        score.contrib_group_pct,
        score.dep_avg_365_group_pct,
        score.activity_pct,
        score.products_pct,
        score.tenure_pct,
        score.exposure_pct,
        score.score,
        score.completeness
    from tiers_evaluation.metric as metric
    inner join last_month on metric.month_no = last_month.month_no
    inner join tiers_group.member as member on metric.client_id = member.client_id
    -- the figures of one whose control is not known are its own, and nobody's tier
    left join tiers_evaluation.group_metric as group_metric
        on
            member.group_key = group_metric.group_key
            and metric.month_no = group_metric.month_no
            and member.tier_basis <> 'not_assessed'
    left join tiers_evaluation.score as score
        on group_metric.group_key = score.group_key and group_metric.month_no = score.month_no
    left join tiers_evaluation.raw_tier as raw_tier
        on group_metric.group_key = raw_tier.group_key and group_metric.month_no = raw_tier.month_no
),

carried as (
    select standing.*
    from previous.client_metric as standing
    inner join active on standing.client_id = active.client_id
    left join evaluated on standing.client_id = evaluated.client_id
    where evaluated.client_id is null
),

all_metrics as (
    select * from evaluated
    union all
    select * from carried
)

select * from all_metrics
