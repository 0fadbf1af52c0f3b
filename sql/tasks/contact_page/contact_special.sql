-- one row per branch and event that asks for a special contact (the "N"), and `all` their sum: asked for, done, open,
-- overdue and missed
with
summed as (
    select
        branch_id,
        event,
        sum(asked_count) as asked_count,
        sum(done_count) as done_count,
        sum(done_late_count) as done_late_count,
        sum(open_count) as open_count,
        sum(overdue_count) as overdue_count,
        sum(missed_count) as missed_count
    from tasks.contact_coverage
    where kind = 'special'
    group by branch_id, event
),

shared as (
    select
        branch_id,
        event,
        cast(asked_count as integer) as asked_count,
        cast(done_count as integer) as done_count,
        cast(done_late_count as integer) as done_late_count,
        cast(open_count as integer) as open_count,
        cast(overdue_count as integer) as overdue_count,
        cast(missed_count as integer) as missed_count,
        cast(
            100.0 * done_count / nullif(done_count + done_late_count + overdue_count + missed_count, 0)
            as decimal(18, 4)
        ) as coverage_pct,
        case when event = 'all' then 0 else 1 end as place
    from summed
)

select * from shared
