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

contact as (
    select
        contact.contact_id,
        contact.client_id,
        contact.staff_id,
        contact.note_length,
        contact.logged_at,
        cast((contact.occurred_at at time zone 'UTC') at time zone $timezone as date) as on_date
    from source.contact as contact
),

of_quarter as (
    select contact.*
    from contact
    cross join quarter
    where contact.on_date between quarter.first_day and quarter.last_day
),

logged_near as (
    select
        staff_id,
        date_trunc('minute', logged_at) as minute,
        count(*) as near_count
    from of_quarter
    group by staff_id, date_trunc('minute', logged_at)
),

answer as (
    select
        feedback.task_key,
        feedback.staff_id,
        feedback.done_at,
        lower(trim(feedback.note)) as note,
        cast((feedback.done_at at time zone 'UTC') at time zone $timezone as date) as on_date
    from source.task_feedback as feedback
    where feedback.status in ('done', 'false_alarm')
),

answered as (
    select answer.*
    from answer
    cross join quarter
    where answer.on_date between quarter.first_day and quarter.last_day
),

closed_near as (
    select
        staff_id,
        date_trunc('minute', done_at) as minute,
        count(*) as near_count
    from answered
    group by staff_id, date_trunc('minute', done_at)
),

same_note as (
    select
        staff_id,
        note,
        count(*) as times
    from answered
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
        of_quarter.contact_id as subject,
        of_quarter.on_date
    from of_quarter
    cross join setting
    where of_quarter.note_length < setting.short_note
    union all
    select
        'bulk_logged' as game_check,
        of_quarter.staff_id,
        of_quarter.client_id,
        of_quarter.contact_id as subject,
        of_quarter.on_date
    from of_quarter
    cross join setting
    inner join logged_near
        on
            of_quarter.staff_id = logged_near.staff_id
            and date_trunc('minute', of_quarter.logged_at) = logged_near.minute
    where logged_near.near_count > setting.bulk_count
    union all
    select
        'bulk_closed' as game_check,
        answered.staff_id,
        cast(null as varchar) as client_id,
        answered.task_key as subject,
        answered.on_date
    from answered
    cross join setting
    inner join closed_near
        on
            answered.staff_id = closed_near.staff_id
            and date_trunc('minute', answered.done_at) = closed_near.minute
    where closed_near.near_count > setting.bulk_count
    union all
    select
        'same_note' as game_check,
        answered.staff_id,
        cast(null as varchar) as client_id,
        answered.task_key as subject,
        answered.on_date
    from answered
    cross join setting
    inner join same_note on answered.staff_id = same_note.staff_id and answered.note = same_note.note
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
