-- one row per window of a fixed contact that was due in the quarter, for whom the client was on its last day; what is
-- overdue by now was not kept, as tasks.contact_coverage counts it
{% import 'macros/scorecard.sql' as scorecard %}
with
quarter as (
    select * from tasks_scorecard.quarter
),

owned as (
    select * from tasks_scorecard.owned
),

due as (
    select plan.*
    from tasks.contact_plan as plan
    cross join quarter
    where
        plan.kind = 'fixed'
        and plan.due_on between quarter.first_day and quarter.last_day
        and (plan.state in ('done', 'done_late', 'missed') or (plan.state = 'open' and plan.late_days > 0))
),

item as (
    select
        owned.staff_id,
        case when due.state = 'open' then 'late' else due.state end as outcome,
        cast(case when due.state = 'done' then 1 else 0 end as decimal(18, 4)) as counted,
        cast(1 as decimal(18, 4)) as out_of,
        due.client_id,
        due.slot as subject,
        due.done_on as on_date,
        due.due_on,
        {{ scorecard.lacking('client_id', 'subject', 'on_date', 'due_on') }}
    from due
    inner join owned
        on due.client_id = owned.client_id and due.due_on >= owned.from_on and due.due_on <= owned.to_on
)

select * from item
