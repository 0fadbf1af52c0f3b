-- one row per covenant and test dated up to the business date
with
covenant_test as (
    select * from source.covenant_test
    where test_date <= $business_date
)

select * from covenant_test
