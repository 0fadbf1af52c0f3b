-- one row per currency and step of its rate: valid from from_date up to, and not on, to_date
with
rate as (
    select * from source.fx_rate
    where business_date <= $business_date and rate > 0 and ccy <> $base_ccy
),

steps as (
    select
        ccy,
        business_date as from_date,
        coalesce(lead(business_date) over (partition by ccy order by business_date), date '9999-12-31') as to_date,
        rate
    from rate
),

with_base as (
    select
        ccy,
        from_date,
        to_date,
        rate
    from steps
    union all
    select
        $base_ccy as ccy,
        date '0001-01-01' as from_date,
        date '9999-12-31' as to_date,
        cast(1 as decimal(20, 8)) as rate
)

select * from with_base
