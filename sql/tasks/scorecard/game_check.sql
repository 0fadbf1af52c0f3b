-- one row per person and check against gaming: how much of what it looks at has its mark, and whether that is too much
-- It costs nobody a point: a person looks, and says what it was.
with
quarter as (
    select * from tasks_scorecard.quarter
),

contact as (
    select
        staff_id,
        cast((occurred_at at time zone 'UTC') at time zone $timezone as date) as on_date
    from source.contact
),

answer as (
    select
        staff_id,
        cast((done_at at time zone 'UTC') at time zone $timezone as date) as on_date
    from source.task_feedback
    where status in ('done', 'false_alarm')
),

looked_at as (
    select
        'contact' as looks_at,
        contact.staff_id,
        count(*) as out_of
    from contact
    cross join quarter
    where contact.on_date between quarter.first_day and quarter.last_day
    group by contact.staff_id
    union all
    select
        'task_feedback' as looks_at,
        answer.staff_id,
        count(*) as out_of
    from answer
    cross join quarter
    where answer.on_date between quarter.first_day and quarter.last_day
    group by answer.staff_id
    union all
    select
        'contact_plan' as looks_at,
        staff_id,
        count(*) as out_of
    from tasks_scorecard_measure.coverage_pct
    where on_date is not null
    group by staff_id
),

marked as (
    select
        game_check,
        staff_id,
        count(*) as marked
    from tasks_scorecard.game_item
    group by game_check, staff_id
),

shared as (
    select
        person.branch_id,
        person.staff_id,
        rule.game_check,
        rule.least_count,
        rule.least_share_pct,
        cast(coalesce(marked.marked, 0) as integer) as marked_count,
        cast(coalesce(looked_at.out_of, 0) as integer) as out_of_count,
        cast(100.0 * coalesce(marked.marked, 0) / nullif(looked_at.out_of, 0) as decimal(9, 2)) as share_pct
    from tasks_scorecard.person as person
    cross join policy.scorecard_check as rule
    left join looked_at on person.staff_id = looked_at.staff_id and rule.looks_at = looked_at.looks_at
    left join marked on person.staff_id = marked.staff_id and rule.game_check = marked.game_check
),

game_check as (
    select
        branch_id,
        staff_id,
        game_check,
        marked_count,
        out_of_count,
        share_pct,
        least_count,
        least_share_pct,
        marked_count >= least_count and coalesce(share_pct >= least_share_pct, false) as is_caught
    from shared
)

select * from game_check
