-- one row per relationship evaluated tonight: the tier machine after the due months, one after the other
with
-- growth potential is a tier of its own below the others, which ask for floors and ranks
raw as (
    select
        raw_tier.group_key,
        raw_tier.month_no,
        raw_tier.month,
        raw_tier.is_initial,
        raw_tier.is_complete,
        raw_tier.is_dep_estimated,
        case
            when raw_tier.qualified_level = 0 and potential.is_reached then potential.level
            else raw_tier.qualified_level
        end as qualified_level,
        raw_tier.is_level_3_sustained,
        raw_tier.is_level_4_sustained,
        raw_tier.score,
        raw_tier.completeness,
        raw_tier.is_contrib_estimated,
        raw_tier.window_dressing,
        raw_tier.peers,
        raw_tier.peer_rank
    from tiers_evaluation.raw_tier as raw_tier
    left join tiers_potential.reached as potential on raw_tier.group_key = potential.group_key
),

level as (
    select
        tier,
        level,
        grace_months
    from policy.tier
),

evaluated as (
    select
        group_key,
        max(case when is_initial then 1 else 0 end) = 1 as is_initial
    from raw
    group by group_key
),

step_0 as (
    select
        evaluated.group_key,
        -- one whose tier the night before did not record takes what it qualifies for
        evaluated.is_initial or (standing.group_key is not null and level.level is null) as is_initial,
        coalesce(gate.is_gated, false) as is_gated,
        coalesce(level.level, 0) as level,
        -- what it did not record of one that it has is unknown, and none of one that is new
        case when standing.group_key is null then 0 else standing.machine_months_below end as months_below,
        case when standing.group_key is null then false else standing.machine_attention end as attention,
        cast(null as varchar) as cause,
        cast(null as integer) as months_done
    from evaluated
    left join tiers_machine.gate as gate on evaluated.group_key = gate.group_key
    left join tiers_machine.standing as standing on evaluated.group_key = standing.group_key
    left join level on standing.machine_tier = level.tier
),

{% for step in range(1, 7) %}
{% set before = step - 1 %}
-- month {{ step }}: what it asks for …
asked_{{ step }} as (
    select
        step_{{ before }}.*,
        raw.group_key is not null as is_due,
        coalesce(raw.is_complete, false) as is_complete,
        coalesce(raw.is_dep_estimated, false) as is_dep_estimated,
        raw.qualified_level,
        level.grace_months,
        -- further than the next tier up only where 30 and 90 days of deposits sustain it
        case
            when raw.qualified_level >= 4 and raw.is_level_4_sustained then 4
            when raw.qualified_level >= 3 and raw.is_level_3_sustained then 3
            else least(raw.qualified_level, 2)
        end as reachable_level
    from step_{{ before }}
    left join raw on step_{{ before }}.group_key = raw.group_key and raw.month_no = {{ step }}
    left join level on step_{{ before }}.level = level.level
),

-- … and what becomes of it: up at once, down after the grace
verdict_{{ step }} as (
    select
        asked_{{ step }}.*,
        case
            when not is_due then 'none'
            when not is_complete then 'incomplete'
            when is_initial then 'initial'
            when qualified_level > level and is_gated then 'risk_gate'
            when qualified_level > level then 'upgrade'
            when qualified_level = level then 'kept'
            -- what deposits are at least can lift a client or keep it where it is, and not lower it
            when is_dep_estimated then 'incomplete'
            -- where it is not known how many months it was below before, only those seen count
            when coalesce(months_below, 0) + 1 >= coalesce(grace_months, 1) then 'downgrade'
            else 'grace'
        end as verdict
    from asked_{{ step }}
),

step_{{ step }} as (
    select
        group_key,
        is_initial,
        is_gated,
        case
            when verdict in ('initial', 'downgrade') then qualified_level
            when verdict = 'upgrade' then greatest(level + 1, reachable_level)
            else level
        end as level,
        case
            when verdict = 'grace' then coalesce(months_below, 0) + 1
            when verdict in ('none', 'incomplete') then months_below
            else 0
        end as months_below,
        case
            when verdict = 'grace' then true
            when verdict in ('none', 'incomplete') then attention
            else false
        end as attention,
        case
            when verdict = 'none' then cause
            -- a change made while catching up is not hidden by a quiet month after it
            when verdict not in ('initial', 'upgrade', 'downgrade') and cause in ('upgrade', 'downgrade') then cause
            else verdict
        end as cause,
        case when verdict = 'none' then months_done else {{ step }} end as months_done
    from verdict_{{ step }}
),

{% endfor %}
reached as (
    select
        step_6.group_key,
        machine.tier as machine_tier,
        step_6.months_below as machine_months_below,
        step_6.attention as machine_attention,
        step_6.cause,
        qualified.tier as qualified_tier,
        raw.score,
        raw.completeness,
        raw.month as evaluated_month,
        raw.is_contrib_estimated,
        raw.window_dressing,
        raw.peers,
        raw.peer_rank
    from step_6
    inner join raw on step_6.group_key = raw.group_key and step_6.months_done = raw.month_no
    inner join level as machine on step_6.level = machine.level
    inner join level as qualified on raw.qualified_level = qualified.level
)

select * from reached
