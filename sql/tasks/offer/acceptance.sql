-- one row per product that may be offered: how offers of the last 365 days were answered, and the share to expect
{% import 'macros/offer.sql' as rule %}
with
product as (
    select
        product,
        prior_accept_pct
    from policy.offer_product
),

setting as (
    select max(case when setting = 'prior_offers' then value end) as prior_offers
    from policy.offer_setting
),

decided as (
    select
        product,
        cast(count(*) as integer) as decided_365d_count,
        cast(sum(case when outcome = 'accepted' then 1 else 0 end) as integer) as accepted_365d_count
    from staging.offer
    where outcome <> 'pending' and date_diff('day', outcome_on, $business_date) < 365
    group by product
),

counted as (
    select
        product.product,
        product.prior_accept_pct,
        coalesce(decided.decided_365d_count, 0) as decided_365d_count,
        coalesce(decided.accepted_365d_count, 0) as accepted_365d_count
    from product
    left join decided on product.product = decided.product
),

shared as (
    select
        counted.product,
        counted.decided_365d_count,
        counted.accepted_365d_count,
        {{ rule.accept_share(
            'counted.accepted_365d_count', 'counted.decided_365d_count', 'counted.prior_accept_pct',
            'setting.prior_offers'
        ) }} as accept_share
    from counted
    cross join setting
)

select * from shared
