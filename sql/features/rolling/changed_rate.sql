-- one row per currency and day gone by whose rate came or went tonight: amounts from it up to, and not on, to_date turn
with
told as (
    select
        ccy,
        business_date
    from source.fx_rate
    where arrived_on = $business_date and business_date <= $parent_date and ccy <> $base_ccy
    union
    select
        ccy,
        business_date
    from source.fx_rate_superseded
    where business_date <= $parent_date and ccy <> $base_ccy
),

changed as (
    select
        told.ccy,
        told.business_date as from_date,
        coalesce(min(fx.from_date), $morning) as to_date
    from told
    left join staging.fx as fx on told.ccy = fx.ccy and told.business_date < fx.from_date
    group by told.ccy, told.business_date
)

select * from changed
