-- one row per event that asks for a special contact and is a task of a kind of its own, with what the branch reported
-- of it; of a kind that is joined (warnings) one row per client, open as long as one of its tasks is
-- A false alarm, and what was given to others, ask for no contact with the client.
with
asked as (
    select
        scored.client_id,
        scored.kind as event,
        case when contact_task.is_joined then '' else scored.subject end as subject,
        scored.owner_role,
        scored.due_on,
        scored.late_days,
        scored.is_open,
        case when not scored.is_open then scored.feedback_on end as done_on,
        candidate.started_on
    from tasks_listing.scored as scored
    inner join tasks_listing.candidate as candidate on scored.task_key = candidate.task_key
    inner join policy.contact_task as contact_task on scored.kind = contact_task.kind
    left join policy.colour as colour on scored.colour = colour.colour
    left join policy.colour as least_colour on contact_task.least_colour = least_colour.colour
    where
        scored.status in ('open', 'acknowledged', 'done')
        and (least_colour.rank is null or coalesce(colour.rank >= least_colour.rank, false))
        and coalesce(scored.severity, '') <> 'blue'
),

timed as (
    select
        asked.*,
        case
            when asked.is_open then asked.late_days
            else greatest(
                coalesce(
                    done_day.workday_index - due_day.workday_index, date_diff('day', asked.due_on, asked.done_on)
                ),
                0
            )
        end as told_late_days,
        coalesce(due_day.is_provisional, true) as is_provisional
    from asked
    left join night.calendar as due_day on asked.due_on = due_day.day
    left join night.calendar as done_day on asked.done_on = done_day.day
),

-- of several the one that is open and due first, else the one that was latest, tells how the contact stands
placed as (
    select
        *,
        row_number() over (
            partition by client_id, event, subject
            order by
                case when is_open then 0 else 1 end asc,
                told_late_days desc,
                due_on asc,
                started_on asc
        ) as place
    from timed
),

judged as (
    select
        placed.client_id,
        client_tier.sponsor_group_id,
        client_tier.tier,
        placed.event,
        placed.subject,
        placed.owner_role,
        placed.started_on,
        placed.due_on,
        placed.is_provisional,
        placed.done_on,
        case
            when placed.is_open then 'open'
            when placed.done_on <= placed.due_on then 'done'
            else 'done_late'
        end as state,
        cast(placed.told_late_days as integer) as late_days
    from placed
    left join tiers.client_tier as client_tier on placed.client_id = client_tier.client_id
    where placed.place = 1
)

select * from judged
