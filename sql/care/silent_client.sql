-- one row per important client whose deposits fall without a word: how far, whether they fell a year ago as well,
-- whether taxes and wages explain it, and what was closed meanwhile
{% import 'macros/month.sql' as months %}
with
setting as (
    select
        max(case when setting = 'silent_least_level' then value end) as least_level,
        max(case when setting = 'silent_fall_pct' then value end) as fall_pct,
        max(case when setting = 'silent_season_pct' then value end) as season_pct
    from policy.ecosystem_setting
),

important as (
    select
        tier.client_id,
        tier.tier,
        client.branch_id
    from tiers.client_tier as tier
    cross join setting
    inner join staging.client as client on tier.client_id = client.client_id
    inner join policy.tier as tier_rule on tier.tier = tier_rule.tier
    where tier_rule.level >= setting.least_level
),

-- over days that are known in whole on both sides
fallen as (
    select
        important.client_id,
        important.tier,
        important.branch_id,
        balance.avg_30d_amt,
        balance.avg_prior_90d_amt,
        balance.data_date,
        cast(
            100 * (balance.avg_prior_90d_amt - balance.avg_30d_amt) / nullif(balance.avg_prior_90d_amt, 0)
            as decimal(18, 2)
        ) as fall_pct
    from important
    inner join features.client_balance as balance on important.client_id = balance.client_id
    where
        balance.is_assessed
        and balance.days_30d = 30
        and balance.days_prior_90d = 90
        and balance.avg_prior_90d_amt > 0
),

balance_month as (
    select
        balance_month.client_id,
        balance_month.avg_amt,
        {{ months.number('$business_date') }} - {{ months.number('balance_month.month') }} as months_ago
    from features.client_balance_month as balance_month
    inner join fallen on balance_month.client_id = fallen.client_id
    where {{ months.number('$business_date') }} - {{ months.number('balance_month.month') }} between 12 and 15
),

-- the same month a year ago, and the three before it
year_ago as (
    select
        client_id,
        max(case when months_ago = 12 then avg_amt end) as then_amt,
        cast(sum(case when months_ago > 12 then avg_amt end) / 3 as decimal(18, 2)) as before_amt,
        count(*) as month_count
    from balance_month
    group by client_id
),

season as (
    select
        client_id,
        case
            when month_count = 4 and before_amt > 0
                then cast(100 * (before_amt - then_amt) / nullif(before_amt, 0) as decimal(18, 2))
        end as fall_year_ago_pct
    from year_ago
),

-- of a half year that is not known in whole nobody can say what was usual; a known month without a row had no payments
known as (
    select fallen.client_id
    from fallen
    inner join features.client_span as span on fallen.client_id = span.client_id
    where span.first_data_date <= {{ months.first_day('$business_date', -7) }}
),

-- taxes and wages of this month and the last, and what two months of the half year before them came to
paid as (
    select
        client_month.client_id,
        client_month.tax_amt + client_month.payroll_amt as paid_amt,
        {{ months.number('$business_date') }} - {{ months.number('client_month.month') }} as months_ago
    from features.client_month as client_month
    inner join known on client_month.client_id = known.client_id
),

duty as (
    select
        client_id,
        sum(case when months_ago <= 1 then paid_amt else 0 end)
        - cast(sum(case when months_ago > 1 then paid_amt else 0 end) / 3 as decimal(18, 2)) as paid_more_amt
    from paid
    where months_ago between 0 and 7
    group by client_id
),

closed as (
    select
        client_id,
        count(*) as closed_count,
        max(closed_on) as closed_on
    from features.account_balance
    where
        kind in ('deposit', 'wealth')
        and closed_on <= $business_date
        and date_diff('day', closed_on, $business_date) < 90
    group by client_id
),

told as (
    select
        $business_date as business_date,
        fallen.branch_id,
        fallen.client_id,
        fallen.tier,
        cast(fallen.avg_prior_90d_amt as decimal(18, 2)) as before_amt,
        cast(fallen.avg_30d_amt as decimal(18, 2)) as now_amt,
        fallen.fall_pct,
        season.fall_year_ago_pct,
        cast(duty.paid_more_amt as decimal(18, 2)) as paid_more_amt,
        cast(coalesce(closed.closed_count, 0) as integer) as closed_count,
        closed.closed_on,
        fallen.data_date,
        case
            when season.fall_year_ago_pct >= fallen.fall_pct * setting.season_pct * 0.01 then 'season'
            when
                duty.paid_more_amt
                >= (fallen.avg_prior_90d_amt - fallen.avg_30d_amt) * setting.season_pct * 0.01
                then 'tax_payroll'
            when closed.client_id is not null then 'matured'
            when season.fall_year_ago_pct is null then 'year_ago_unknown'
            else 'left'
        end as explained_by
    from fallen
    cross join setting
    left join season on fallen.client_id = season.client_id
    left join duty on fallen.client_id = duty.client_id
    left join closed on fallen.client_id = closed.client_id
    where fallen.fall_pct >= setting.fall_pct
)

select * from told
