-- one row per day before the look-back that is read whole again: with more rows than the night before counted and those
-- that became known since and are held; of a day that it did not count, with more than are held
with
more as (
    select * from asked.more_counted
),

held as (
    select * from night.held_day
),

told as (
    select
        more.on_date,
        more.more_rows,
        count(held.on_date) as held_rows
    from more
    left join held
        on
            more.on_date = held.on_date
            and coalesce(more.known_by >= held.known_at, true)
            and (more.known_before is null or more.known_before < held.known_at)
    group by
        more.on_date,
        more.more_rows
),

unread as (
    select on_date from told
    where more_rows > held_rows
)

select * from unread
