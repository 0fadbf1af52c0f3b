-- one row per client that carries a tier and is just below the next, or of whom nobody can say: what that asks for
with
setting as (
    select
        max(case when setting = 'path_reach_pct' then value end) as reach_pct,
        max(case when setting = 'min_rank_peers' then value end) as min_rank_peers,
        max(case when setting = 'min_completeness' then value end) as min_completeness
    from policy.tier_setting
),

weight as (
    select sum(weight) as total_weight
    from policy.score_weight
),

floors as (
    select
        tier.tier,
        tier.level,
        tier.top_share_pct,
        tier_floor.dep_avg_amt,
        tier_floor.contrib_amt,
        tier_floor.needs_positive_eva
    from policy.tier_floor as tier_floor
    inner join policy.tier as tier on tier_floor.tier = tier.tier
),

who as (
    select
        client_tier.client_id,
        client_tier.branch_id,
        client_tier.sponsor_group_id,
        client_tier.tier,
        client_tier.tier_basis,
        member.group_key,
        qualified.level as qualified_level,
        machine.level as machine_level
    from tiers.client_tier as client_tier
    inner join tiers_group.member as member on client_tier.client_id = member.client_id
    left join policy.tier as qualified on client_tier.qualified_tier = qualified.tier
    left join policy.tier as machine on client_tier.machine_tier = machine.tier
    where client_tier.is_contact_owed
),

next_level as (
    select
        who.client_id,
        min(floors.level) as level
    from who
    inner join floors on who.qualified_level < floors.level
    group by who.client_id
),

balance as (
    select
        member.group_key,
        sum(held.balance_amt) as balance_amt
    from features.client_balance as held
    inner join tiers_group.member as member on held.client_id = member.client_id
    group by member.group_key
),

running as (
    select
        member.group_key,
        sum(held.balance_days_sum) as balance_days_sum
    from features.client_balance_month as held
    inner join tiers_group.member as member on held.client_id = member.client_id
    inner join tiers_path.horizon as horizon on held.month = horizon.month and horizon.months_ahead = 0
    group by member.group_key
),

-- the score of the last one that its place among the peers lifts into a tier
cut as (
    select
        metric.peer_set,
        floors.level,
        min(metric.score) as cut_score
    from tiers.client_metric as metric
    inner join floors on metric.peer_rank * 100 <= floors.top_share_pct * metric.peers
    group by metric.peer_set, floors.level
),

measured as (
    select
        who.client_id,
        who.branch_id,
        who.sponsor_group_id,
        who.group_key,
        who.tier,
        who.tier_basis,
        floors.tier as target_tier,
        floors.level as target_level,
        floors.dep_avg_amt as floor_dep_amt,
        floors.contrib_amt as floor_contrib_amt,
        floors.needs_positive_eva,
        coalesce(balance.balance_amt, 0) as balance_amt,
        coalesce(running.balance_days_sum, 0) as balance_days_sum,
        cast(
            (coalesce(running.balance_days_sum, 0) + coalesce(balance.balance_amt, 0) * horizon.days_left)
            / nullif(horizon.days_in_month, 0) as decimal(18, 2)
        ) as projected_amt,
        metric.group_contrib_amt as contrib_amt,
        metric.group_eva_amt as eva_amt,
        metric.group_dep_avg_365_amt as dep_avg_365_amt,
        metric.group_products as products,
        metric.percentile_set,
        metric.dep_avg_365_group_pct,
        metric.contrib_group_pct,
        metric.activity_pct,
        metric.products_pct,
        coalesce(
            metric.peers >= setting.min_rank_peers and metric.peer_rank * 100 > floors.top_share_pct * metric.peers,
            false
        ) as needs_rank,
        -- weighed points that are missing, of those that its score is made of
        (cut.cut_score - metric.score) * metric.completeness * weight.total_weight as missing_points,
        cut.cut_score is null as is_cut_unknown,
        metric.client_id is not null as is_measured,
        coalesce(metric.is_group_dep_estimated, true) as is_dep_unknown,
        coalesce(metric.completeness < setting.min_completeness, true) as is_incomplete,
        coalesce(gate.is_gated, false) and floors.level > who.machine_level as is_gated,
        setting.reach_pct
    from who
    cross join setting
    cross join weight
    inner join tiers_path.horizon as horizon on horizon.months_ahead = 0
    left join next_level on who.client_id = next_level.client_id
    left join floors on next_level.level = floors.level
    left join tiers.client_metric as metric on who.client_id = metric.client_id
    left join balance on who.group_key = balance.group_key
    left join running on who.group_key = running.group_key
    left join cut on metric.peer_set = cut.peer_set and floors.level = cut.level
    left join tiers_machine.gate as gate on who.group_key = gate.group_key
),

judged as (
    select
        measured.*,
        coalesce(projected_amt >= floor_dep_amt, false) as is_dep_met,
        coalesce(contrib_amt >= floor_contrib_amt, false) as is_contrib_met,
        not coalesce(needs_positive_eva, false) or coalesce(eva_amt > 0, false) as is_eva_met,
        case
            when tier_basis = 'not_assessed' then 'control_unknown'
            when tier_basis = 'group' then 'lead_unknown'
            when is_dep_unknown then 'deposits_unknown'
            when is_incomplete then 'incomplete'
            when is_gated then 'risk_gate'
        end as reason
    from measured
),

-- far below a tier nothing is said of it; of one whose control is not known nothing can be
near as (
    select *
    from judged
    where
        tier_basis = 'not_assessed'
        or (
            is_measured
            and target_level is not null
            and (
                coalesce(projected_amt * 100 >= floor_dep_amt * (100 - reach_pct), false)
                or coalesce(contrib_amt * 100 >= floor_contrib_amt * (100 - reach_pct), false)
            )
        )
)

select * from near
