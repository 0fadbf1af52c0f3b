-- one row per relationship and evaluated month: the tier it qualifies for, and which tiers its deposits sustain
with
metric as (
    select * from tiers_evaluation.group_metric
),

setting as (
    select
        max(case when setting = 'min_rank_peers' then value end) as min_rank_peers,
        max(case when setting = 'min_completeness' then value end) as min_completeness,
        max(case when setting = 'window_dressing_ratio' then value end) as window_dressing_ratio
    from policy.tier_setting
),

scored as (
    select
        metric.*,
        score.score,
        score.completeness,
        count(*) over (partition by metric.month_no, metric.peer_set) as peers,
        rank() over (
            partition by metric.month_no, metric.peer_set
            order by score.score desc nulls last
        ) as peer_rank
    from metric
    inner join tiers_evaluation.score as score
        on metric.group_key = score.group_key and metric.month_no = score.month_no
),

floors as (
    select
        tier_floor.tier,
        tier.level,
        tier.top_share_pct,
        tier_floor.dep_avg_amt,
        tier_floor.contrib_amt,
        tier_floor.needs_positive_eva
    from policy.tier_floor as tier_floor
    inner join policy.tier as tier on tier_floor.tier = tier.tier
),

tested as (
    select
        scored.group_key,
        scored.month_no,
        floors.level,
        (
            coalesce(scored.dep_avg_month_amt >= floors.dep_avg_amt, false)
            or coalesce(scored.contrib_amt >= floors.contrib_amt, false)
        )
        and (not floors.needs_positive_eva or coalesce(scored.eva_amt > 0, false)) as is_floor_met,
        scored.peers < setting.min_rank_peers
        or scored.peer_rank * 100 <= floors.top_share_pct * scored.peers as is_rank_met,
        -- a single month must not lift a client over a tier: the last 30 and 90 days have to carry it too
        coalesce(least(scored.dep_avg_30_amt, scored.dep_avg_90_amt) >= floors.dep_avg_amt, false)
        or coalesce(scored.contrib_amt >= floors.contrib_amt, false) as is_sustained
    from scored
    cross join floors
    cross join setting
),

levels as (
    select
        group_key,
        month_no,
        max(case when is_floor_met and is_rank_met then level else 0 end) as qualified_level,
        max(case when level = 2 and is_sustained then 1 else 0 end) = 1 as is_level_2_sustained,
        max(case when level = 3 and is_sustained then 1 else 0 end) = 1 as is_level_3_sustained,
        max(case when level = 4 and is_sustained then 1 else 0 end) = 1 as is_level_4_sustained
    from tested
    group by group_key, month_no
),

judged as (
    select
        scored.group_key,
        scored.month_no,
        scored.month,
        scored.is_initial,
        scored.score,
        scored.completeness,
        scored.peers,
        scored.peer_rank,
        scored.is_contrib_estimated,
        coalesce(scored.is_dep_estimated, false) as is_dep_estimated,
        scored.completeness >= setting.min_completeness as is_complete,
        coalesce(
            scored.month_end_amt > setting.window_dressing_ratio * scored.dep_avg_month_amt
            and scored.dep_avg_month_amt > 0,
            false
        ) as window_dressing,
        levels.qualified_level,
        levels.is_level_2_sustained,
        levels.is_level_3_sustained,
        levels.is_level_4_sustained
    from scored
    cross join setting
    inner join levels on scored.group_key = levels.group_key and scored.month_no = levels.month_no
)

select * from judged
