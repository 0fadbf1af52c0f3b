-- one row per branch, person, kind of contact and event: what was asked for, done, late, open and missed; `all` sums
-- the special ones
{% import 'macros/coverage.sql' as coverage %}
with
planned as (
    select
        branch_id,
        owner_id,
        client_id,
        kind,
        coalesce(event, '') as event,
        state = 'done' as is_done,
        state = 'done_late' as is_done_late,
        state = 'open' as is_open,
        state = 'open' and late_days > 0 as is_overdue,
        state = 'missed' as is_missed
    from tasks.contact_plan
    where state not in ('upcoming', 'not_assessed')
),

by_event as (
    select * from planned
    union all
    select
        branch_id,
        owner_id,
        client_id,
        kind,
        'all' as event,
        is_done,
        is_done_late,
        is_open,
        is_overdue,
        is_missed
    from planned
    where kind = 'special'
),

summed as (
    select
        branch_id,
        owner_id,
        kind,
        event,
        cast(count(*) as integer) as asked_count,
        cast(sum(case when is_done then 1 else 0 end) as integer) as done_count,
        cast(sum(case when is_done_late then 1 else 0 end) as integer) as done_late_count,
        cast(sum(case when is_open then 1 else 0 end) as integer) as open_count,
        cast(sum(case when is_overdue then 1 else 0 end) as integer) as overdue_count,
        cast(sum(case when is_missed then 1 else 0 end) as integer) as missed_count
    from by_event
    group by branch_id, owner_id, kind, event
),

shared as (
    select
        $business_date as business_date,
        summed.branch_id,
        coalesce(summed.owner_id, '') as owner_id,
        summed.kind,
        summed.event,
        summed.asked_count,
        summed.done_count,
        summed.done_late_count,
        summed.open_count,
        summed.overdue_count,
        summed.missed_count,
        {{ coverage.share_pct('summed.') }} as coverage_pct,
        coalesce(carried.clients_carried, 0) as clients_carried,
        coalesce(carried.is_beyond_capacity, false) as is_beyond_capacity
    from summed
    left join tasks_contact.carried as carried
        on summed.branch_id = carried.branch_id and coalesce(summed.owner_id, '') = carried.owner_id
)

select * from shared
