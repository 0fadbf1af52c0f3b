-- one row per event that asks for a special contact, with what answered it: the first conversation from its day on
with
found as (
    select * from tasks_contact.event_found
),

-- what a client of its tier is served; what any client has a right to has no least level
asked as (
    select
        found.client_id,
        found.event,
        found.subject,
        found.happened_on,
        found.latest_on,
        found.told_on,
        found.told,
        found.told_amt,
        contact_event.owner_role,
        special_contact.sla_days,
        client_tier.tier,
        client_tier.sponsor_group_id,
        coalesce(client_tier.carrier_client_id, found.client_id) as spoken_to_id,
        cast(found.happened_on + contact_event.open_days * interval '1' day as date) as open_until
    from found
    inner join policy.contact_event as contact_event on found.event = contact_event.event
    inner join policy.special_contact as special_contact on found.event = special_contact.event
    inner join tiers.client_tier as client_tier on found.client_id = client_tier.client_id
    inner join policy.tier as tier on client_tier.tier = tier.tier
    where
        tier.level >= contact_event.least_level
        -- it is told as missed for as long again as it was asked for
        and date_diff('day', found.happened_on, $morning) <= 2 * contact_event.open_days
),

conversation as (
    select * from tasks_contact.conversation
),

-- who leads the group may answer for its company
answered as (
    select
        asked.client_id,
        asked.event,
        asked.subject,
        min(conversation.occurred_on) as done_on
    from asked
    inner join conversation
        on asked.client_id = conversation.client_id or asked.spoken_to_id = conversation.client_id
    where conversation.occurred_on >= asked.happened_on and conversation.occurred_on <= asked.open_until
    group by asked.client_id, asked.event, asked.subject
),

supplied as (
    select count(*) as tables
    from night.supplied
    where table_name = 'contact' and is_supplied
),

morning as (
    select workday_index
    from night.calendar
    where day = $morning
),

dated as (
    select
        asked.*,
        answered.done_on,
        least(
            coalesce(workday.day, asked.happened_on), coalesce(asked.latest_on, date '9999-12-31')
        ) as due_on,
        coalesce(workday.is_provisional, true) as is_provisional
    from asked
    cross join supplied
    left join answered
        on
            asked.client_id = answered.client_id
            and asked.event = answered.event
            and asked.subject = answered.subject
    left join night.calendar as clock_day on asked.happened_on = clock_day.day
    left join night.calendar as workday
        on workday.is_workday and clock_day.workday_index + asked.sla_days = workday.workday_index
    where supplied.tables > 0
),

judged as (
    select
        dated.*,
        case
            when dated.done_on <= dated.due_on then 'done'
            when dated.done_on is not null then 'done_late'
            when dated.open_until >= $morning then 'open'
            else 'missed'
        end as state,
        cast(
            case
                when dated.done_on is not null
                    then greatest(
                        coalesce(
                            done_day.workday_index - due_day.workday_index,
                            date_diff('day', dated.due_on, dated.done_on)
                        ),
                        0
                    )
                else coalesce(
                    morning.workday_index - due_day.workday_index, date_diff('day', dated.due_on, $morning)
                )
            end
            as integer
        ) as late_days
    from dated
    cross join morning
    left join night.calendar as due_day on dated.due_on = due_day.day
    left join night.calendar as done_day on dated.done_on = done_day.day
)

select * from judged
