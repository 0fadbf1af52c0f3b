-- one row per client, kind of contact and window that it is owed: done, open, missed, or to come
with
owed as (
    select * from tasks_contact.owed
),

-- what happened before the bank's contact records begin is unknown, not missed
first_contact as (
    select min(occurred_on) as day
    from tasks_contact.contact
),

morning as (
    select workday_index
    from night.calendar
    where day = $morning
),

met as (
    select
        client_id,
        'fixed' as kind,
        slot,
        period_start as lies_in,
        done_on
    from tasks_contact.filled
    union all
    select
        client_id,
        kind,
        1 as slot,
        window_start as lies_in,
        done_on
    from tasks_contact.visited
),

joined as (
    select
        owed.client_id,
        owed.sponsor_group_id,
        owed.tier,
        owed.kind,
        owed.slot,
        owed.period_start,
        owed.window_start,
        owed.window_end,
        owed.due_on,
        owed.is_provisional,
        owed.place,
        met.done_on,
        case
            when met.done_on <= owed.window_end then 'done'
            when met.done_on is not null then 'done_late'
            when owed.place = 0 then 'upcoming'
            when owed.place = 1 then 'open'
            when owed.window_start >= first_contact.day then 'missed'
            else 'not_assessed'
        end as state,
        coalesce(
            morning.workday_index - due_day.workday_index, date_diff('day', owed.due_on, $morning)
        ) as open_late_days,
        coalesce(
            done_day.workday_index - due_day.workday_index, date_diff('day', owed.due_on, met.done_on)
        ) as done_late_days
    from owed
    cross join first_contact
    cross join morning
    left join met
        on
            owed.client_id = met.client_id
            and owed.kind = met.kind
            and owed.slot = met.slot
            and (
                (owed.kind = 'fixed' and owed.period_start = met.lies_in)
                or (owed.kind <> 'fixed' and owed.window_start = met.lies_in)
            )
    left join night.calendar as due_day on owed.due_on = due_day.day
    left join night.calendar as done_day on met.done_on = done_day.day
),

counted as (
    select
        client_id,
        sponsor_group_id,
        tier,
        kind,
        slot,
        period_start,
        window_start,
        window_end,
        due_on,
        is_provisional,
        place,
        done_on,
        state,
        cast(
            case
                when state = 'open' then open_late_days
                when state in ('done', 'done_late') then greatest(done_late_days, 0)
            end
            as integer
        ) as late_days,
        max(case when state = 'missed' then window_end end) over (partition by client_id, kind) as last_missed_on,
        sum(case when state in ('missed', 'done_late') then 1 else 0 end) over (partition by client_id, kind)
            as missed_windows
    from joined
)

select * from counted
