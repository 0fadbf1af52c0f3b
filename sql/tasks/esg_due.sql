-- one row per financed project, kind of review and what asks for it (its rhythm, a date in the register of reports,
-- or a red signal of group E): when it
-- is due, when one was last done, and whether it is late on the morning of the list; and one per review that waits for
-- a person: prepared and neither approved nor returned yet, or returned and not prepared anew
with
project as (
    select * from tasks_review.reviewed
),

rhythm as (
    select
        project_id,
        client_id,
        branch_id,
        category,
        stage,
        kind,
        rule,
        every_months,
        cast(null as date) as event_on,
        due_on,
        done_on,
        told_by,
        is_told,
        false as is_done,
        cast(null as date) as period_end,
        cast(null as varchar) as asked_by
    from tasks_review.rhythm
),

told as (
    select distinct kind from tasks_review.told
),

-- the n-th working day after the night on which it turned red
on_event as (
    select
        project.project_id,
        project.client_id,
        project.branch_id,
        project.category,
        project.stage,
        asked.kind,
        event.indicator as rule,
        cast(null as integer) as every_months,
        event.event_on,
        workday.day as due_on,
        told.kind is not null as is_told
    from tasks_review.event as event
    inner join project on event.project_id = project.project_id
    inner join policy.esg_event_review as asked on project.category = asked.category
    left join told on asked.kind = told.kind
    left join night.calendar as event_day on event.event_on = event_day.day
    left join night.calendar as workday
        on workday.is_workday and workday.workday_index = event_day.workday_index + asked.due_workdays
),

done_after as (
    select
        on_event.project_id,
        on_event.kind,
        on_event.rule,
        min(done.done_on) as done_on,
        min(done.told_by) as told_by
    from on_event
    inner join tasks_review.done as done
        on on_event.project_id = done.project_id and on_event.kind = done.kind and on_event.event_on <= done.done_on
    group by on_event.project_id, on_event.kind, on_event.rule
),

event_due as (
    select
        on_event.project_id,
        on_event.client_id,
        on_event.branch_id,
        on_event.category,
        on_event.stage,
        on_event.kind,
        on_event.rule,
        on_event.every_months,
        on_event.event_on,
        on_event.due_on,
        done_after.done_on,
        done_after.told_by,
        on_event.is_told,
        done_after.done_on is not null as is_done,
        cast(null as date) as period_end,
        cast(null as varchar) as asked_by
    from on_event
    left join done_after
        on
            on_event.project_id = done_after.project_id
            and on_event.kind = done_after.kind
            and on_event.rule = done_after.rule
),

-- a category that nobody gave asks for something, and nobody knows how often
uncategorised as (
    select
        project_id,
        client_id,
        branch_id,
        category,
        stage,
        'desk_review' as kind,
        'rhythm' as rule,
        cast(null as integer) as every_months,
        cast(null as date) as event_on,
        cast(null as date) as due_on,
        cast(null as date) as done_on,
        cast(null as varchar) as told_by,
        true as is_told,
        false as is_done,
        cast(null as date) as period_end,
        cast(null as varchar) as asked_by
    from project
    where category = 'unknown'
),

setting as (
    select
        cast(max(case when setting = 'approval_workdays' then value end) as integer) as approval_workdays,
        cast(max(case when setting = 'rework_workdays' then value end) as integer) as rework_workdays
    from policy.esg_setting
),

approved as (
    select
        project_id,
        max(period_end) as period_end
    from esg.esg_review
    where state = 'approved'
    group by project_id
),

-- one that was returned waits for whoever prepares it anew, unless somebody said that it is needed no more or one of a
-- later period is approved
asking as (
    select
        review.project_id,
        review.client_id,
        review.branch_id,
        review.period_end,
        'approval' as kind,
        'prepared' as rule,
        review.prepared_on as event_on,
        review.prepared_by as asked_by,
        setting.approval_workdays as workdays
    from esg.esg_review as review
    cross join setting
    where review.state = 'prepared'
    union all
    select
        review.project_id,
        review.client_id,
        review.branch_id,
        review.period_end,
        'rework' as kind,
        'returned' as rule,
        review.returned_on as event_on,
        review.returned_by as asked_by,
        setting.rework_workdays as workdays
    from esg.esg_review as review
    cross join setting
    left join approved on review.project_id = approved.project_id
    where
        review.state = 'drafted'
        and review.returned_by is not null
        and review.closed_by is null
        and coalesce(review.period_end > approved.period_end, true)
),

-- whether the project still owes anything or not; what was asked before the calendar begins was due then
waiting as (
    select
        asking.project_id,
        asking.client_id,
        asking.branch_id,
        coalesce(project.category, 'unknown') as category,
        project.stage,
        asking.kind,
        asking.rule,
        cast(null as integer) as every_months,
        asking.event_on,
        coalesce(workday.day, asking.event_on) as due_on,
        cast(null as date) as done_on,
        'esg_review' as told_by,
        true as is_told,
        false as is_done,
        asking.period_end,
        asking.asked_by
    from asking
    left join project on asking.project_id = project.project_id
    left join night.calendar as asked_day on asking.event_on = asked_day.day
    left join night.calendar as workday
        on workday.is_workday and workday.workday_index = asked_day.workday_index + asking.workdays
),

gathered as (
    select * from rhythm
    union all
    select * from event_due
    union all
    select * from uncategorised
    union all
    select * from waiting
),

-- a review that may be in a row that the checks hold back is not called late
held as (
    select distinct client_id
    from night.withheld
    where table_name in ('contact', 'report_due', 'esg_item')
),

stated as (
    select
        $business_date as business_date,
        gathered.project_id,
        gathered.client_id,
        gathered.branch_id,
        gathered.kind,
        gathered.rule,
        gathered.category,
        gathered.stage,
        gathered.every_months,
        gathered.event_on,
        gathered.due_on,
        gathered.done_on,
        gathered.told_by,
        gathered.period_end,
        gathered.asked_by,
        case
            when gathered.is_done then 'done'
            when not gathered.is_told or gathered.due_on is null then 'not_assessed'
            when gathered.due_on >= $morning then 'open'
            when held.client_id is not null and gathered.period_end is null then 'not_assessed'
            else 'overdue'
        end as state,
        case
            when gathered.is_done then null
            when gathered.category = 'unknown' and gathered.rule = 'rhythm' then 'no_category'
            when not gathered.is_told then 'not_recorded'
            when gathered.due_on is null then 'no_start'
            when gathered.due_on < $morning and held.client_id is not null and gathered.period_end is null
                then 'held_back'
        end as reason
    from gathered
    left join held on gathered.client_id = held.client_id
),

counted as (
    select
        *,
        case when state = 'overdue' then cast(date_diff('day', due_on, $morning) as integer) else 0 end as late_days
    from stated
)

select * from counted
