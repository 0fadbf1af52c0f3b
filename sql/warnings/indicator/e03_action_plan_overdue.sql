-- one row per client with a project that has an action plan: E03, days that its open actions are overdue
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'E03'
),

project as (
    select * from features.project_state
),

action as (
    select * from staging.esap_action
),

supplied as (
    select * from night.supplied
),

unsupplied as (
    select count(*) as tables
    from supplied
    where table_name = 'esap_action' and not is_supplied
),

overdue as (
    select
        action.*,
        case
            when action.done_on is not null or action.due_on >= $business_date then 0
            when not coalesce(action.is_done_unknown, false) then date_diff('day', action.due_on, $business_date)
        end as days,
        coalesce(priority.is_high, false) as is_high
    from action
    left join policy.action_priority as priority on lower(trim(action.priority)) = priority.word
),

overdue_count as (
    select
        project_id,
        count(case when days > 0 then 1 end) as items
    from overdue
    group by project_id
),

measured as (
    select
        project.client_id,
        cast(null as varchar) as loan_id,
        project.project_id,
        overdue.days is not null as is_assessed,
        overdue.days as value,
        cast(null as decimal(18, 4)) as baseline,
        overdue_count.items as second_value,
        $business_date as data_date,
        coalesce('esap_action:' || overdue.action_id, 'project:' || project.project_id) as source_keys,
        overdue.is_high
    from project
    cross join unsupplied
    left join overdue on project.project_id = overdue.project_id
    left join overdue_count on project.project_id = overdue_count.project_id
    where overdue.action_id is not null or unsupplied.tables > 0
),

-- an item of high priority is red where another is amber
{{ indicator.judge(
    red_too='measured.is_high and measured.value > rule.amber_value',
    red_threshold='case when measured.value > rule.red_value then rule.red_value else rule.amber_value end',
    reason_case="case when measured.is_high and measured.value > rule.amber_value then 'high_priority' end",
    many=true
) }}

select * from worst
