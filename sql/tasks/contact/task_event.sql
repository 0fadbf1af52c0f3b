-- one row per event that asks for a special contact and is a task of a kind of its own, with what answered it: a
-- conversation since its clock started, or the branch's own report; of a kind that is joined (warnings) one row per
-- client, open as long as one of its tasks is unanswered
-- A false alarm, and what was given to others, ask for no contact with the client.
with
event as (
    select
        scored.client_id,
        scored.kind as event,
        scored.subject,
        contact_task.is_joined,
        contact_task.is_answered_by_talk,
        scored.task_key,
        scored.owner_role,
        scored.due_on,
        scored.late_days,
        case when not scored.is_open then scored.feedback_on end as reported_on,
        -- a draw that the gate stops is asked about before its notice begins
        least(candidate.started_on, coalesce(candidate.clock_from, candidate.started_on)) as started_on,
        -- a signal first seen in June may turn the client red in August, and a notice run before anybody asks for the
        -- draw: only what is said from then on is about it
        coalesce(candidate.clock_from, candidate.started_on) as asked_from,
        coalesce(client_tier.carrier_client_id, scored.client_id) as spoken_to_id,
        client_tier.sponsor_group_id,
        client_tier.tier
    from tasks_listing.scored as scored
    inner join tasks_listing.candidate as candidate on scored.task_key = candidate.task_key
    inner join policy.contact_task as contact_task on scored.kind = contact_task.kind
    left join tiers.client_tier as client_tier on scored.client_id = client_tier.client_id
    left join policy.colour as colour on scored.colour = colour.colour
    left join policy.colour as least_colour on contact_task.least_colour = least_colour.colour
    where
        scored.status in ('open', 'acknowledged', 'done')
        and (least_colour.rank is null or coalesce(colour.rank >= least_colour.rank, false))
        and coalesce(scored.severity, '') <> 'blue'
),

-- who leads the group may answer for its company
spoken as (
    select
        event.task_key,
        min(conversation.occurred_on) as spoken_on
    from event
    inner join tasks_contact.conversation as conversation
        on event.client_id = conversation.client_id or event.spoken_to_id = conversation.client_id
    where event.is_answered_by_talk and conversation.occurred_on >= event.asked_from
    group by event.task_key
),

asked as (
    select
        event.*,
        least(
            coalesce(spoken.spoken_on, event.reported_on), coalesce(event.reported_on, spoken.spoken_on)
        ) as done_on
    from event
    left join spoken on event.task_key = spoken.task_key
),

timed as (
    select
        asked.*,
        case
            when asked.done_on is null then asked.late_days
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

-- of several the one that is open and due first, else the one that was latest, tells how the contact stands; of those
-- in time the one answered last, for until then not all were
placed as (
    select
        *,
        row_number() over (
            partition by client_id, event, case when is_joined then '' else subject end
            order by
                case when done_on is null then 0 else 1 end asc,
                told_late_days desc,
                done_on desc,
                due_on asc,
                started_on asc,
                task_key asc
        ) as place
    from timed
),

judged as (
    select
        client_id,
        sponsor_group_id,
        tier,
        event,
        case when is_joined then '' else subject end as subject,
        owner_role,
        started_on,
        due_on,
        is_provisional,
        done_on,
        case
            when done_on is null then 'open'
            when done_on <= due_on then 'done'
            else 'done_late'
        end as state,
        cast(told_late_days as integer) as late_days
    from placed
    where place = 1
)

select * from judged
