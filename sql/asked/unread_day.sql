-- one row per day before the look-back that is read whole again: with more rows than the night before counted and those
-- that became known since and are stored; of a day that it did not count, with more than are stored
with
more as (
    select * from asked.more_counted
),

stored as (
    select * from night.stored_day
),

told as (
    select
        more.on_date,
        more.more_rows,
        count(stored.on_date) as stored_rows
    from more
    left join stored
        on
            more.on_date = stored.on_date
            and coalesce(more.known_by >= stored.known_at, true)
            and (more.known_before is null or more.known_before < stored.known_at)
    group by
        more.on_date,
        more.more_rows
),

unread as (
    select on_date from told
    where more_rows > stored_rows
)

select * from unread
