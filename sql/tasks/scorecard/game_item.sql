-- one row per check against gaming and contact or answer of the quarter that has its mark
with
quarter as (
    select * from tasks_scorecard.quarter
),

setting as (
    select
        max(case when setting = 'short_note_characters' then value end) as short_note,
        max(case when setting = 'bulk_count' then value end) as bulk_count,
        max(case when setting = 'same_note_count' then value end) as same_note_count
    from policy.scorecard_setting
),

-- what was entered by hand, and by which check a lot of it in one minute has a mark
entered as (
    select
        'bulk_logged' as bulk_check,
        contact.staff_id,
        contact.client_id,
        contact.contact_id as subject,
        contact.note_length,
        cast(null as varchar) as note,
        contact.logged_at as entered_at,
        contact.occurred_at as happened_at
    from source.contact as contact
    union all
    select
        'bulk_closed' as bulk_check,
        feedback.staff_id,
        cast(null as varchar) as client_id,
        feedback.task_key as subject,
        cast(null as integer) as note_length,
        lower(trim(feedback.note)) as note,
        feedback.done_at as entered_at,
        feedback.done_at as happened_at
    from source.task_feedback as feedback
    where feedback.status in ('done', 'false_alarm')
),

dated as (
    select
        entered.*,
        date_trunc('minute', entered_at) as entered_minute,
        cast((happened_at at time zone 'UTC') at time zone $timezone as date) as on_date
    from entered
),

of_quarter as (
    select dated.*
    from dated
    cross join quarter
    where dated.on_date between quarter.first_day and quarter.last_day
),

near as (
    select
        bulk_check,
        staff_id,
        entered_minute,
        count(*) as near_count
    from of_quarter
    group by bulk_check, staff_id, entered_minute
),

same_note as (
    select
        staff_id,
        note,
        count(*) as times
    from of_quarter
    where note <> ''
    group by staff_id, note
),

last_day as (
    select
        owned.staff_id,
        plan.client_id,
        plan.slot,
        plan.done_on
    from tasks.contact_plan as plan
    cross join quarter
    inner join tasks_scorecard.owned as owned
        on plan.client_id = owned.client_id and plan.due_on >= owned.from_on and plan.due_on <= owned.to_on
    where
        plan.kind = 'fixed'
        and plan.due_on between quarter.first_day and quarter.last_day
        and plan.done_on = plan.due_on
),

game_item as (
    select
        'short_note' as game_check,
        of_quarter.staff_id,
        of_quarter.client_id,
        of_quarter.subject,
        of_quarter.on_date
    from of_quarter
    cross join setting
    where of_quarter.note_length < setting.short_note
    union all
    select
        of_quarter.bulk_check as game_check,
        of_quarter.staff_id,
        of_quarter.client_id,
        of_quarter.subject,
        of_quarter.on_date
    from of_quarter
    cross join setting
    inner join near
        on
            of_quarter.bulk_check = near.bulk_check
            and of_quarter.staff_id = near.staff_id
            and of_quarter.entered_minute = near.entered_minute
    where near.near_count > setting.bulk_count
    union all
    select
        'same_note' as game_check,
        of_quarter.staff_id,
        of_quarter.client_id,
        of_quarter.subject,
        of_quarter.on_date
    from of_quarter
    cross join setting
    inner join same_note on of_quarter.staff_id = same_note.staff_id and of_quarter.note = same_note.note
    where same_note.times >= setting.same_note_count
    union all
    select
        'last_day' as game_check,
        staff_id,
        client_id,
        slot as subject,
        done_on as on_date
    from last_day
)

select * from game_item
