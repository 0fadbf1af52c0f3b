-- one row per relationship judged: whether its growth potential alone makes it a client of potential
with
setting as (
    select
        max(case when setting = 'potential_line' then value end) as line,
        max(case when setting = 'potential_min_completeness' then value end) as min_completeness
    from policy.tier_setting
),

level as (
    select max(case when tier = 'potential' then level end) as level
    from policy.tier
),

judged as (
    select
        scored.group_key,
        level.level,
        veto.veto is null
        and scored.completeness >= setting.min_completeness
        and coalesce(scored.assessed_score >= setting.line, false) as is_reached
    from tiers_potential.scored as scored
    cross join setting
    cross join level
    left join tiers_potential.veto as veto on scored.group_key = veto.group_key
)

select * from judged
