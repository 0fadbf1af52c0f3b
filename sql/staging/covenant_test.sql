-- one row per covenant and test dated up to the business date
with
covenant_test as (
    select * from source.covenant_test
    where test_date <= $business_date
),

status_column as (
    select count(*) as is_supplied
    from night.supplied_column
    where table_name = 'covenant_test' and column_name = 'status'
),

unreadable as (
    select
        row_key,
        max(case when column_name = 'status' then 1 else 0 end) = 1 as is_status,
        max(case when column_name = 'waived_until' then 1 else 0 end) = 1 as is_waiver_end
    from night.withheld
    where table_name = 'covenant_test' and column_name in ('status', 'waived_until')
    group by row_key
),

waiver_column as (
    select count(*) as is_supplied
    from night.supplied_column
    where table_name = 'covenant_test' and column_name = 'waived_until'
),

-- where the source does not say which tests were waived, or this one's cell cannot be read, a result beyond its limit
-- may be one of them; nor does a waiver stand for ever where it does not say until when
tested as (
    select
        covenant_test.*,
        status_column.is_supplied = 0 or coalesce(unreadable.is_status, false) as is_waiver_unknown,
        waiver_column.is_supplied = 0 or coalesce(unreadable.is_waiver_end, false) as is_waiver_end_unknown
    from covenant_test
    cross join status_column
    cross join waiver_column
    left join unreadable
        on covenant_test.covenant_id || '|' || cast(covenant_test.test_date as varchar) = unreadable.row_key
)

select * from tested
