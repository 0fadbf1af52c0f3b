-- one row per currency and step of its rate: the newest from from_date up to, and not on, to_date; of use to last_date
with
rate as (
    select * from source.fx_rate
    where business_date <= $business_date and rate > 0 and ccy <> $base_ccy
),

age as (
    select cast(value as integer) as most_days from policy.rate_setting
    where setting = 'rate_age_days'
),

steps as (
    select
        ccy,
        business_date as from_date,
        coalesce(lead(business_date) over (partition by ccy order by business_date), date '9999-12-31') as to_date,
        rate
    from rate
),

aged as (
    select
        steps.ccy,
        steps.from_date,
        steps.to_date,
        least(steps.from_date + age.most_days, steps.to_date - 1) as last_date,
        steps.rate
    from steps
    cross join age
),

with_base as (
    select
        ccy,
        from_date,
        to_date,
        last_date,
        rate
    from aged
    union all
    select
        $base_ccy as ccy,
        date '0001-01-01' as from_date,
        date '9999-12-31' as to_date,
        date '9999-12-31' as last_date,
        cast(1 as decimal(20, 8)) as rate
)

select * from with_base
