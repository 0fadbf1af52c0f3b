-- one row per client just below a tier and lever that would lift it alone: how much, by when and at what cost
{% set ranked = {
    'balance': ('dep_avg_365_group', 'group_dep_avg_365_amt', 'dep_avg_365_group_pct'),
    'contribution': ('contrib_group', 'group_contrib_amt', 'contrib_group_pct'),
    'activity': ('activity', 'group_activity_pct', 'activity_pct'),
    'product': ('products', 'group_products', 'products_pct'),
} %}
with
aim as (
    select * from tiers_path.aim
    where reason is null
),

weights as (
    select
        {% for metric, _, _ in ranked.values() %}
        max(case when metric = '{{ metric }}' then weight end) as {{ metric }}_weight,
        {% endfor %}
        sum(weight) as total_weight
    from policy.score_weight
),

rates as (
    select max(case when setting = 'tax_pct' then value end) as tax_pct
    from policy.tier_setting
),

-- the least figure among its peers whose place would give the points that are missing, all else as it was judged last:
-- of those at that place or above, seen from the top
{% for lever, (metric, column, percentile) in ranked.items() %}
{{ lever }}_rank as (
    select
        percentile_set,
        {{ percentile }} as place_pct,
        cast({{ column }} as decimal(18, 4)) as figure,
        cast(null as varchar) as client_id
    from tiers.client_metric
    where percentile_set is not null and {{ percentile }} is not null
    union all
    select
        aim.percentile_set,
        aim.{{ percentile }}
        + cast(aim.missing_points / nullif(weights.{{ metric }}_weight, 0) as decimal(18, 6)) as place_pct,
        cast(null as decimal(18, 4)) as figure,
        aim.client_id
    from aim
    cross join weights
    where aim.needs_rank and not aim.is_cut_unknown and aim.percentile_set is not null
),

{{ lever }}_least as (
    select
        client_id,
        place_pct,
        min(figure) over (partition by percentile_set order by place_pct desc) as needed
    from {{ lever }}_rank
),

{{ lever }}_place as (
    select
        client_id,
        needed
    from {{ lever }}_least
    where client_id is not null and place_pct is not null and needed is not null
),

{% endfor %}
-- held on each day that is left of the month: so much for the floor, so much for the place
balance as (
    select
        aim.client_id,
        'balance' as lever,
        horizon.by_on,
        horizon.evaluated_on,
        cast(
            ceil(
                greatest(
                    0,
                    case
                        when aim.is_contrib_met then 0
                        else cast(
                            (
                                aim.floor_dep_amt * horizon.days_in_month
                                - case when horizon.months_ahead = 0 then aim.balance_days_sum else 0 end
                                - aim.balance_amt * horizon.days_left
                            ) / nullif(horizon.days_left, 0) as decimal(18, 4)
                        )
                    end,
                    case
                        when aim.needs_rank
                            then cast(
                                (place.needed - aim.dep_avg_365_amt) * 365 / nullif(horizon.days_left, 0)
                                as decimal(18, 4)
                            )
                        else 0
                    end
                )
            ) as decimal(18, 2)
        ) as lever_amt,
        cast(null as integer) as lever_count,
        cast(aim.balance_amt as decimal(18, 2)) as now_amt,
        aim.floor_dep_amt as floor_amt
    from aim
    cross join tiers_path.horizon as horizon
    left join balance_place as place on aim.client_id = place.client_id
    where
        aim.is_eva_met
        and (aim.is_contrib_met or aim.floor_dep_amt is not null)
        and (not aim.needs_rank or (place.needed is not null and aim.dep_avg_365_amt is not null))
),

-- within the twelve months that end with the running one
contribution as (
    select
        aim.client_id,
        'contribution' as lever,
        horizon.by_on,
        horizon.evaluated_on,
        cast(
            ceil(
                greatest(
                    0,
                    case
                        when aim.is_dep_met or aim.is_contrib_met then 0
                        else aim.floor_contrib_amt - aim.contrib_amt
                    end,
                    -- what is left of it after tax has to be more than nothing
                    case
                        when aim.is_eva_met then 0
                        else cast(
                            (0.01 - aim.eva_amt) * 100 / nullif(100 - rates.tax_pct, 0) as decimal(18, 4)
                        )
                    end,
                    case when aim.needs_rank then place.needed - aim.contrib_amt else 0 end
                )
            ) as decimal(18, 2)
        ) as lever_amt,
        cast(null as integer) as lever_count,
        cast(aim.contrib_amt as decimal(18, 2)) as now_amt,
        coalesce(aim.floor_contrib_amt, aim.contrib_amt) as floor_amt
    from aim
    cross join rates
    inner join tiers_path.horizon as horizon on horizon.months_ahead = 0
    left join contribution_place as place on aim.client_id = place.client_id
    where
        aim.contrib_amt is not null
        and (aim.is_dep_met or aim.floor_contrib_amt is not null)
        and (aim.is_eva_met or aim.eva_amt is not null)
        and (not aim.needs_rank or place.needed is not null)
),

activity as (
    select
        aim.client_id,
        'activity' as lever,
        horizon.by_on,
        horizon.evaluated_on,
        cast(null as decimal(18, 2)) as lever_amt,
        1 as lever_count,
        cast(null as decimal(18, 2)) as now_amt,
        cast(null as decimal(18, 2)) as floor_amt
    from aim
    inner join tiers_path.horizon as horizon on horizon.months_ahead = 0
    inner join activity_place as place on aim.client_id = place.client_id
    inner join tiers_path.activity as activity on aim.group_key = activity.group_key
    where
        (aim.is_dep_met or aim.is_contrib_met)
        and aim.is_eva_met
        and not activity.is_active_already
        and activity.activity_pct >= place.needed
),

product as (
    select
        aim.client_id,
        'product' as lever,
        horizon.by_on,
        horizon.evaluated_on,
        cast(null as decimal(18, 2)) as lever_amt,
        cast(ceil(place.needed - aim.products) as integer) as lever_count,
        cast(aim.products as decimal(18, 2)) as now_amt,
        cast(null as decimal(18, 2)) as floor_amt
    from aim
    inner join tiers_path.horizon as horizon on horizon.months_ahead = 0
    inner join product_place as place on aim.client_id = place.client_id
    where (aim.is_dep_met or aim.is_contrib_met) and aim.is_eva_met
),

every as (
    select * from balance
    union all
    select * from contribution
    union all
    select * from activity
    union all
    select * from product
),

-- what nobody can bring within the time is no lever
priced as (
    select
        every.*,
        cast(
            coalesce(every.lever_amt * policy_lever.cost_pct * 0.01, 0)
            + coalesce(every.lever_count * policy_lever.cost_amt, 0) as decimal(18, 2)
        ) as cost_amt
    from every
    inner join policy.tier_lever as policy_lever on every.lever = policy_lever.lever
    where
        coalesce(every.lever_amt * 100 <= policy_lever.max_share_pct * every.floor_amt, true)
        and coalesce(every.lever_count <= policy_lever.max_count, true)
)

select * from priced
