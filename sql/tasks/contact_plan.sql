-- one row per client and contact that it is owed: what ran in the last months, what runs, and what comes next
with
owner as (
    select * from tasks_listing.owner
),

planned as (
    select
        client_id,
        sponsor_group_id as group_id,
        kind,
        cast(slot as varchar) as slot,
        cast(null as varchar) as event,
        tier,
        window_start as window_from,
        window_end as window_to,
        due_on,
        is_provisional,
        done_on,
        state,
        late_days
    from tasks_contact.judged
),

-- by one date per client a list of clients can be sorted
next_touch as (
    select
        client_id,
        min(due_on) as next_touch_on
    from planned
    where state in ('open', 'upcoming')
    group by client_id
),

listed as (
    select
        $business_date as business_date,
        owner.branch_id,
        planned.client_id,
        planned.group_id,
        planned.kind,
        planned.slot,
        planned.event,
        planned.tier,
        planned.window_from,
        planned.window_to,
        planned.due_on,
        planned.is_provisional,
        planned.done_on,
        planned.state,
        owner.owner_id,
        cast(null as varchar) as deputy_id,
        planned.late_days,
        next_touch.next_touch_on
    from planned
    left join owner on planned.client_id = owner.client_id
    left join next_touch on planned.client_id = next_touch.client_id
)

select * from listed
