-- one row per client with a tier by its own right: the metrics of the newest evaluated month, carried until the next
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
        metric.peer_set,
        raw_tier.peers,
        raw_tier.peer_rank,
        metric.group_id,
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
        metric.group_dep_avg_month_amt,
        metric.group_dep_avg_365_amt,
        metric.group_dep_avg_30_amt,
        metric.group_dep_avg_90_amt,
        metric.group_contrib_amt,
        metric.group_exposure_amt,
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
    inner join tiers_evaluation.score as score
        on metric.client_id = score.client_id and metric.month_no = score.month_no
    inner join tiers_evaluation.raw_tier as raw_tier
        on metric.client_id = raw_tier.client_id and metric.month_no = raw_tier.month_no
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
