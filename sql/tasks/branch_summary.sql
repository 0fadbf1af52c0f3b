-- one row per branch: what was checked, what changed since the night before, what is left to do
with
branch as (
    select branch_id
    from source.branch
),

colours as (
    select
        branch_id,
        count(*) as clients_checked,
        sum(case when colour = 'not_assessed' then 1 else 0 end) as clients_not_assessed,
        sum(case when colour = 'no_credit' then 1 else 0 end) as clients_no_credit,
        sum(case when colour = 'red' then 1 else 0 end) as clients_red,
        sum(case when colour = 'orange' then 1 else 0 end) as clients_orange,
        sum(case when colour = 'amber' then 1 else 0 end) as clients_amber,
        sum(case when colour = 'blue' then 1 else 0 end) as clients_blue,
        sum(case when colour = 'green' then 1 else 0 end) as clients_green
    from warnings.warning
    group by branch_id
),

-- what is for risk alone is not counted where a branch can read it
visible as (
    select
        branch_id,
        client_id,
        change
    from warnings.signal
    where audience = 'branch'
),

signals as (
    select
        branch_id,
        count(distinct client_id) as clients_with_signals,
        sum(case when change = 'new' then 1 else 0 end) as signals_new,
        sum(case when change = 'worse' then 1 else 0 end) as signals_worse
    from visible
    group by branch_id
),

-- a signal that has lapsed is no good news
cleared as (
    select
        cleared.branch_id,
        count(*) as signals_cleared
    from warnings.cleared as cleared
    inner join policy.indicator as indicator on cleared.indicator = indicator.indicator
    where indicator.audience = 'branch' and coalesce(cleared.reason_case, '') <> 'lapsed'
    group by cleared.branch_id
),

work as (
    select
        branch_id,
        sum(case when status in ('open', 'acknowledged') then 1 else 0 end) as tasks_open,
        sum(case when is_must_do then 1 else 0 end) as tasks_must_do,
        sum(case when is_later then 1 else 0 end) as tasks_later,
        sum(case when status in ('open', 'acknowledged') and late_days > 0 then 1 else 0 end) as tasks_overdue,
        sum(case when status not in ('open', 'acknowledged') then 1 else 0 end) as tasks_handled
    from tasks.task
    group by branch_id
),

moved as (
    select
        branch_id,
        sum(case when changed_on = $business_date then 1 else 0 end) as tiers_changed
    from tiers.client_tier
    group by branch_id
),

supplied as (
    select
        coalesce(max(case when table_name = 'contact' then 1 else 0 end), 0) = 1 as is_contact_assessed,
        coalesce(max(case when table_name = 'task_feedback' then 1 else 0 end), 0) = 1 as is_feedback_read
    from night.supplied
    where is_supplied
),

summed as (
    select
        $business_date as business_date,
        branch.branch_id,
        coalesce(colours.clients_checked, 0) as clients_checked,
        coalesce(colours.clients_not_assessed, 0) as clients_not_assessed,
        coalesce(colours.clients_no_credit, 0) as clients_no_credit,
        coalesce(colours.clients_red, 0) as clients_red,
        coalesce(colours.clients_orange, 0) as clients_orange,
        coalesce(colours.clients_amber, 0) as clients_amber,
        coalesce(colours.clients_blue, 0) as clients_blue,
        coalesce(colours.clients_green, 0) as clients_green,
        coalesce(signals.clients_with_signals, 0) as clients_with_signals,
        coalesce(signals.signals_new, 0) as signals_new,
        coalesce(signals.signals_worse, 0) as signals_worse,
        coalesce(cleared.signals_cleared, 0) as signals_cleared,
        coalesce(moved.tiers_changed, 0) as tiers_changed,
        coalesce(work.tasks_open, 0) as tasks_open,
        coalesce(work.tasks_must_do, 0) as tasks_must_do,
        coalesce(work.tasks_overdue, 0) as tasks_overdue,
        coalesce(work.tasks_later, 0) as tasks_later,
        coalesce(work.tasks_handled, 0) as tasks_handled,
        supplied.is_contact_assessed,
        supplied.is_feedback_read
    from branch
    cross join supplied
    left join colours on branch.branch_id = colours.branch_id
    left join signals on branch.branch_id = signals.branch_id
    left join cleared on branch.branch_id = cleared.branch_id
    left join work on branch.branch_id = work.branch_id
    left join moved on branch.branch_id = moved.branch_id
)

select * from summed
