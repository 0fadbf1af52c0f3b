-- one row per client and evaluated month: mid-rank percentiles among its peers, weighed into a score of 0 to 100
with
metric as (
    select
        client_id,
        month_no,
        peer_set,
        person_kind,
        count(*) over (partition by month_no, peer_set) as peers,
        group_contrib_amt,
        group_dep_avg_365_amt,
        activity_pct,
        products,
        tenure_years,
        case when contrib_amt is null then null when is_hurdle_met then exposure_amt else 0 end as rewarded_exposure_amt
    from evaluation.metric
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

-- one row per client, metric and known value
{% set columns = {
    'contrib_group': 'group_contrib_amt',
    'dep_avg_365_group': 'group_dep_avg_365_amt',
    'activity': 'activity_pct',
    'products': 'products',
    'tenure': 'tenure_years',
    'exposure': 'rewarded_exposure_amt',
} %}
measured as (
    {% for metric, column in columns.items() %}
    select
        client_id,
        month_no,
        peer_set,
        person_kind,
        percentile_set,
        '{{ metric }}' as metric,
        cast({{ column }} as decimal(18, 4)) as value
    from placed
    where {{ column }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

populations as (
    select
        month_no,
        metric,
        peer_set as percentile_set,
        value
    from measured
    where peer_set = percentile_set
    union all
    select
        month_no,
        metric,
        person_kind || '|*' as percentile_set,
        value
    from measured
),

needed as (
    select distinct percentile_set
    from placed
),

tallied as (
    select
        populations.month_no,
        populations.metric,
        populations.percentile_set,
        populations.value,
        count(*) as equal_count
    from populations
    inner join needed on populations.percentile_set = needed.percentile_set
    group by populations.month_no, populations.metric, populations.percentile_set, populations.value
),

ranked as (
    select
        month_no,
        metric,
        percentile_set,
        value,
        equal_count,
        sum(equal_count) over (
            partition by month_no, metric, percentile_set
            order by value
            rows between unbounded preceding and current row
        ) - equal_count as less_count,
        sum(equal_count) over (partition by month_no, metric, percentile_set) as total_count
    from tallied
),

weighed as (
    select
        measured.client_id,
        measured.month_no,
        measured.metric,
        score_weight.weight,
        cast(
            (2 * ranked.less_count + ranked.equal_count) * 100.0 / (2 * ranked.total_count) as decimal(9, 4)
        ) as percentile
    from measured
    inner join ranked
        on
            measured.month_no = ranked.month_no
            and measured.metric = ranked.metric
            and measured.percentile_set = ranked.percentile_set
            and measured.value = ranked.value
    inner join policy.score_weight as score_weight on measured.metric = score_weight.metric
),

weights as (
    select sum(weight) as total_weight
    from policy.score_weight
),

scored as (
    select
        weighed.client_id,
        weighed.month_no,
        cast(
            sum(cast(weighed.weight as decimal(9, 4)) * weighed.percentile) / sum(weighed.weight) as decimal(9, 4)
        ) as score,
        cast(sum(weighed.weight) / max(weights.total_weight) as decimal(6, 4)) as completeness,
        max(case when weighed.metric = 'contrib_group' then weighed.percentile end) as contrib_group_pct,
        max(case when weighed.metric = 'dep_avg_365_group' then weighed.percentile end) as dep_avg_365_group_pct,
        max(case when weighed.metric = 'activity' then weighed.percentile end) as activity_pct,
        max(case when weighed.metric = 'products' then weighed.percentile end) as products_pct,
        max(case when weighed.metric = 'tenure' then weighed.percentile end) as tenure_pct,
        max(case when weighed.metric = 'exposure' then weighed.percentile end) as exposure_pct
    from weighed
    cross join weights
    group by weighed.client_id, weighed.month_no
)

select * from scored
