-- one row per client and contact that it is owed: fixed windows and visits of the last months, running and next, and
-- each special contact, those among them whose events are tasks of a kind of their own
with
-- also of a closed client that still owes: nothing is unowned; who acts is another than whose it is while that one is
-- away
owner as (
    select
        client_id,
        branch_id,
        holder_id as owner_id,
        case when owner_id <> holder_id then owner_id end as deputy_id,
        head_id
    from tasks_listing.owner
),

-- what the branch has reported done is done
reported as (
    select
        candidate.client_id,
        candidate.subject,
        scored.feedback_on
    from tasks_listing.scored as scored
    inner join tasks_listing.candidate as candidate on scored.task_key = candidate.task_key
    where candidate.kind = 'special_contact' and scored.status = 'done'
),

planned as (
    select
        client_id,
        sponsor_group_id as group_id,
        kind,
        cast(slot as varchar) as slot,
        cast(null as varchar) as event,
        'rm' as owner_role,
        tier,
        window_start as window_from,
        window_end as window_to,
        due_on,
        is_provisional,
        done_on,
        state,
        late_days
    from tasks_contact.judged
    union all
    select
        event.client_id,
        event.sponsor_group_id as group_id,
        'special' as kind,
        event.subject as slot,
        event.event,
        event.owner_role,
        event.tier,
        event.happened_on as window_from,
        event.open_until as window_to,
        event.due_on,
        event.is_provisional,
        coalesce(event.done_on, reported.feedback_on) as done_on,
        case
            when event.done_on is not null or reported.feedback_on is null then event.state
            when reported.feedback_on <= event.due_on then 'done'
            else 'done_late'
        end as state,
        event.late_days
    from tasks_contact.event as event
    left join reported
        on event.client_id = reported.client_id and event.event || '/' || event.subject = reported.subject
    union all
    select
        client_id,
        sponsor_group_id as group_id,
        'special' as kind,
        subject as slot,
        event,
        owner_role,
        tier,
        started_on as window_from,
        cast(null as date) as window_to,
        due_on,
        is_provisional,
        done_on,
        state,
        late_days
    from tasks_contact.task_event
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
        case when planned.owner_role = 'branch_head' then owner.head_id else owner.owner_id end as owner_id,
        case when planned.owner_role = 'branch_head' then null else owner.deputy_id end as deputy_id,
        planned.late_days,
        next_touch.next_touch_on
    from planned
    left join owner on planned.client_id = owner.client_id
    left join next_touch on planned.client_id = next_touch.client_id
)

select * from listed
