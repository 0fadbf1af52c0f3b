-- one row per relationship and month to evaluate: the figures that it is tiered by, those of all its members together
with
metric as (
    select * from tiers_evaluation.metric
),

-- who is one client and who leads is asked of all members, also of those that came during the month
member as (
    select * from tiers_group.member
    where tier_basis <> 'not_assessed'
),

arrived as (
    select
        member.group_key,
        member.client_id = member.carrier_client_id as is_carrier,
        client_start.person_kind,
        client_start.segment
    from tiers_evaluation.client_start as client_start
    inner join member on client_start.client_id = member.client_id
    where not member.is_project_company
),

-- among the peers of who carries the tier; where nobody knows who leads, of a segment that all of its firms share
peer as (
    select
        group_key,
        coalesce(max(case when is_carrier then person_kind end), min(person_kind)) as person_kind,
        coalesce(
            max(case when is_carrier then segment end),
            case when min(segment) = max(segment) then min(segment) end,
            '-'
        ) as segment
    from arrived
    group by group_key
),

rates as (
    select
        max(case when setting = 'tax_pct' then value end) as tax_pct,
        max(case when setting = 'hurdle_pct' then value end) as hurdle_pct
    from policy.tier_setting
),

-- a family of products that two members use is one
families as (
    select
        member.group_key,
        cast(count(distinct product.product) as integer) as products
    from tiers_evaluation.product as product
    inner join member on product.client_id = member.client_id
    group by member.group_key
),

-- stocks and contributions add up; transfers between members are no flow of either; a relationship is as active and as
-- old as its most active and its oldest member
summed as (
    select
        member.group_key,
        metric.month_no,
        min(metric.month) as month,
        max(case when metric.is_initial then 1 else 0 end) = 1 as is_initial,
        cast(sum(metric.dep_avg_month_amt) as decimal(18, 2)) as dep_avg_month_amt,
        cast(sum(metric.dep_avg_365_amt) as decimal(18, 2)) as dep_avg_365_amt,
        cast(sum(metric.dep_avg_30_amt) as decimal(18, 2)) as dep_avg_30_amt,
        cast(sum(metric.dep_avg_90_amt) as decimal(18, 2)) as dep_avg_90_amt,
        cast(sum(metric.month_end_amt) as decimal(18, 2)) as month_end_amt,
        max(case when metric.is_dep_estimated then 1 else 0 end) = 1 as is_dep_estimated,
        cast(sum(metric.contrib_amt) as decimal(18, 2)) as contrib_amt,
        max(case when metric.is_contrib_estimated then 1 else 0 end) = 1 as is_contrib_estimated,
        cast(sum(metric.economic_capital_amt) as decimal(18, 2)) as economic_capital_amt,
        cast(sum(metric.eva_amt) as decimal(18, 2)) as eva_amt,
        max(metric.activity_pct) as activity_pct,
        max(metric.tenure_years) as tenure_years,
        cast(sum(metric.exposure_amt) as decimal(18, 2)) as exposure_amt
    from metric
    inner join member on metric.client_id = member.client_id
    group by member.group_key, metric.month_no
),

judged as (
    select
        summed.*,
        peer.person_kind,
        peer.person_kind || '|' || peer.segment as peer_set,
        coalesce(families.products, 0) as products,
        summed.contrib_amt * (100 - rates.tax_pct)
        >= coalesce(summed.economic_capital_amt, 0) * rates.hurdle_pct as is_hurdle_met
    from summed
    cross join rates
    inner join peer on summed.group_key = peer.group_key
    left join families on summed.group_key = families.group_key
)

select * from judged
