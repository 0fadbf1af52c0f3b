-- one row per set of peers with core clients: the median number of product families that those use
with
due as (
    select max(month_no) as month_no
    from tiers_evaluation.due_month
),

setting as (
    select max(case when setting = 'potential_core_level' then value end) as core_level
    from policy.tier_setting
),

core as (
    select
        metric.peer_set,
        metric.products,
        row_number() over (partition by metric.peer_set order by metric.products, metric.group_key) as place,
        count(*) over (partition by metric.peer_set) as clients
    from tiers_evaluation.group_metric as metric
    inner join due on metric.month_no = due.month_no
    inner join tiers_evaluation.raw_tier as raw_tier
        on metric.group_key = raw_tier.group_key and metric.month_no = raw_tier.month_no
    inner join setting on raw_tier.qualified_level = setting.core_level
),

-- the one in the middle, or the mean of the two
middle as (
    select
        peer_set,
        cast(avg(products) as decimal(9, 2)) as median_products
    from core
    where 2 * place between clients and clients + 2
    group by peer_set
)

select * from middle
