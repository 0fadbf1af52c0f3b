-- one row per client and month of the credit bureau, up to the business date
with
bureau as (
    select * from source.bureau
    where month <= $business_date
)

select * from bureau
