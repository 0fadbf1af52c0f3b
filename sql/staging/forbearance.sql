-- one row per loan and concession granted up to the business date
with
forbearance as (
    select * from source.forbearance
    where granted_on <= $business_date
)

select * from forbearance
