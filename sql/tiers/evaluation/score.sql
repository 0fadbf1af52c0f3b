-- one row per relationship and evaluated month: mid-rank percentiles among its peers, weighed into a score of 0 to 100
with
metric as (
    select
        group_key,
        month_no,
        peer_set,
        person_kind,
        count(*) over (partition by month_no, peer_set) as peers,
        contrib_amt,
        dep_avg_365_amt,
        activity_pct,
        products,
        tenure_years,
        case when contrib_amt is null then null when is_hurdle_met then exposure_amt else 0 end as rewarded_exposure_amt
    from tiers_evaluation.group_metric
),

setting as (
    select max(case when setting = 'min_percentile_peers' then value end) as min_percentile_peers
    from policy.tier_setting
),

placed as (
    select
        metric.*,
        -- too few peers for a percentile: among all companies or all persons of the bank
        case
            when metric.peers >= setting.min_percentile_peers then metric.peer_set else metric.person_kind || '|*'
        end as percentile_set
    from metric
    cross join setting
),

-- sets and metrics go by number from here on: text is slow to group by
distinct_set as (
    select distinct
        month_no,
        percentile_set
    from placed
),

sets as (
    select
        month_no,
        percentile_set,
        cast(row_number() over (order by month_no, percentile_set) as integer) as set_no
    from distinct_set
),

{% set columns = {
    'contrib_group': 'contrib_amt',
    'dep_avg_365_group': 'dep_avg_365_amt',
    'activity': 'activity_pct',
    'products': 'products',
    'tenure': 'tenure_years',
    'exposure': 'rewarded_exposure_amt',
} %}
valued as (
    select
        group_key,
        month_no,
        peer_set,
        person_kind,
        percentile_set,
        {% for column in columns.values() %}
        cast({{ column }} as decimal(18, 4)) as value_{{ loop.index }},
        {% endfor %}
        peers
    from placed
),

numbered as (
    select
        valued.*,
        sets.set_no
    from valued
    inner join sets on valued.month_no = sets.month_no and valued.percentile_set = sets.percentile_set
),

-- who is in a set: its peers, or every company or person of the bank
members as (
    select
        valued.*,
        sets.set_no
    from valued
    inner join sets on valued.month_no = sets.month_no and valued.peer_set = sets.percentile_set
    union all
    select
        valued.*,
        sets.set_no
    from valued
    inner join sets on valued.month_no = sets.month_no and valued.person_kind || '|*' = sets.percentile_set
),

{% for metric in columns %}
{% set value = 'value_' ~ loop.index %}
tallied_{{ loop.index }} as (
    select
        set_no,
        {{ value }} as value,
        count(*) as equal_count
    from members
    where {{ value }} is not null
    group by set_no, {{ value }}
),

-- {{ metric }}: those with less, and half of those with the same, of all
placed_{{ loop.index }} as (
    select
        set_no,
        value,
        equal_count,
        sum(equal_count) over (
            partition by set_no
            order by value
            rows between unbounded preceding and current row
        ) as so_far_count,
        sum(equal_count) over (partition by set_no) as total_count
    from tallied_{{ loop.index }}
),

ranked_{{ loop.index }} as (
    select
        set_no,
        value,
        cast(
            (2 * so_far_count - equal_count) * 100.0 / nullif(2 * total_count, 0) as decimal(9, 4)
        ) as percentile
    from placed_{{ loop.index }}
),

{% endfor %}
percentiles as (
    select
        numbered.group_key,
        numbered.percentile_set,
        {% for metric in columns %}
        ranked_{{ loop.index }}.percentile as {{ metric }}_pct,
        {% endfor %}
        numbered.month_no
    from numbered
    {% for metric in columns %}
    {% set ranked = 'ranked_' ~ loop.index %}
    left join {{ ranked }}
        on numbered.set_no = {{ ranked }}.set_no and numbered.value_{{ loop.index }} = {{ ranked }}.value
    {% endfor %}
),

weights as (
    select
        {% for metric in columns %}
        coalesce(max(case when metric = '{{ metric }}' then weight end), 0) as {{ metric }}_weight,
        {% endfor %}
        sum(weight) as total_weight
    from policy.score_weight
),

weighed as (
    select
        percentiles.*,
        weights.total_weight,
        cast(
            0
            {% for metric in columns %}
            + weights.{{ metric }}_weight * coalesce(percentiles.{{ metric }}_pct, 0)
            {% endfor %}
            as decimal(28, 8)
        ) as points,
        cast(
            0
            {% for metric in columns %}
            + case when percentiles.{{ metric }}_pct is null then 0 else weights.{{ metric }}_weight end
            {% endfor %}
            as decimal(18, 8)
        ) as weight
    from percentiles
    cross join weights
),

-- what is missing is left out of both: the rest is scaled up
scored as (
    select
        group_key,
        month_no,
        percentile_set,
        {% for metric in columns %}
        {{ metric }}_pct,
        {% endfor %}
        cast(points / nullif(weight, 0) as decimal(9, 4)) as score,
        cast(weight / nullif(total_weight, 0) as decimal(6, 4)) as completeness
    from weighed
)

select * from scored
