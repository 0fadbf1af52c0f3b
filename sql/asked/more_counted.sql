-- one row per day before the look-back of which the source offers more rows than the night before counted
with
older as (
    select * from night.counted_day
),

counted as (
    select
        older.on_date,
        older.known_by,
        counted_before.known_by as known_before,
        older.row_count - coalesce(counted_before.row_count, 0) as more_rows
    from older
    left join night.counted_before as counted_before on older.on_date = counted_before.on_date
),

more as (
    select * from counted
    where more_rows > 0
)

select * from more
