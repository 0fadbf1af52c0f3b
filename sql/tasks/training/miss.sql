-- one row per task of the last days that was answered late or not at all, of whom it was asked, where policy knows a
-- course that teaches it
with
setting as (
    select cast(max(case when setting = 'miss_days' then value end) as integer) as miss_days
    from policy.weekly_setting
),

seen as (
    select
        task_key,
        branch_id,
        client_id,
        owner_id,
        kind,
        due_on,
        status,
        feedback_on,
        business_date
    from history.task
),

placed as (
    select
        seen.*,
        row_number() over (partition by seen.task_key order by seen.business_date desc) as place
    from seen
),

miss as (
    select
        placed.task_key,
        placed.branch_id,
        placed.client_id,
        placed.owner_id as staff_id,
        placed.kind,
        need.course,
        placed.due_on,
        case when placed.status in ('done', 'false_alarm') then placed.feedback_on end as done_on
    from placed
    cross join setting
    inner join policy.training_need as need on placed.kind = need.kind
    where
        placed.place = 1
        and placed.due_on between $business_date - setting.miss_days and $business_date
        and case
            when placed.status in ('done', 'false_alarm') then placed.feedback_on > placed.due_on
            else placed.business_date >= placed.due_on
        end
)

select * from miss
