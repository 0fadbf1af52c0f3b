-- one row per client and financial statement published up to the business date
with
statement as (
    select * from source.statement
    where published_on <= $business_date
)

select * from statement
