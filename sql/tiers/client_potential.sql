-- one row per client that is tiered: its relationship's growth potential as judged last, and tonight's veto
with
member as (
    select *
    from tiers_group.member
    where tier_basis <> 'not_assessed'
),

setting as (
    select max(case when setting = 'potential_min_completeness' then value end) as min_completeness
    from policy.tier_setting
),

{% set columns = [
    'month', 'inflow_growth_pct', 'wallet_share_pct', 'pipeline_amt', 'median_products', 'grade_rank',
    'grade_year_ago_rank', 'grade_ranks', 'is_strategic', 'inflow_points', 'wallet_points', 'pipeline_points',
    'product_points', 'rating_points', 'sector_points', 'momentum_points', 'assessed_score', 'completeness',
    'not_assessed'
] %}
-- judged tonight, else as it was; what a former night judged of a relationship that it has left is not its own
figured as (
    select
        member.client_id,
        member.group_key,
        {% for column in columns %}
        case when scored.group_key is null then standing.{{ column }} else scored.{{ column }} end as {{ column }},
        {% endfor %}
        member.sponsor_group_id
    from member
    left join tiers_potential.scored as scored on member.group_key = scored.group_key
    left join previous.client_potential as standing
        on
            member.client_id = standing.client_id
            and coalesce(member.sponsor_group_id, '') = coalesce(standing.sponsor_group_id, '')
),

judged as (
    select
        figured.client_id,
        -- null is not assessed, and no potential is 0
        case
            when veto.veto is null and figured.completeness >= setting.min_completeness then figured.assessed_score
        end as potential,
        case
            when veto.veto is not null then veto.veto
            when figured.month is null then 'not_evaluated'
            when figured.completeness < setting.min_completeness then 'incomplete'
        end as potential_reason,
        {% for column in columns %}
        figured.{{ column }},
        {% endfor %}
        figured.sponsor_group_id
    from figured
    cross join setting
    left join tiers_potential.veto as veto on figured.group_key = veto.group_key
)

select * from judged
