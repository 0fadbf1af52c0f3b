-- one row per promise made to a client: kept, due soon, late, or broken
with
promise as (
    select
        promise_id,
        client_id,
        staff_id,
        made_on,
        due_on,
        case when kept_on <= $business_date then kept_on end as kept_on
    from source.promise
    where made_on is null or made_on <= $business_date
),

setting as (
    select
        cast(max(case when setting = 'promise_notice_days' then value end) as integer) as notice_days,
        cast(max(case when setting = 'promise_broken_days' then value end) as integer) as broken_days
    from policy.task_setting
),

-- where nobody records what was kept, nothing is known to be late
kept_column as (
    select count(*) as columns
    from night.supplied_column
    where table_name = 'promise' and column_name = 'kept_on'
),

morning as (
    select workday_index
    from night.calendar
    where day = $morning
),

counted as (
    select
        promise.*,
        coalesce(
            morning.workday_index - due_day.workday_index, date_diff('day', promise.due_on, $morning)
        ) as open_late_days,
        coalesce(
            kept_day.workday_index - due_day.workday_index, date_diff('day', promise.due_on, promise.kept_on)
        ) as kept_late_days
    from promise
    cross join morning
    left join night.calendar as due_day on promise.due_on = due_day.day
    left join night.calendar as kept_day on promise.kept_on = kept_day.day
),

judged as (
    select
        $business_date as business_date,
        client.branch_id,
        counted.promise_id,
        counted.client_id,
        counted.staff_id,
        counted.made_on,
        counted.due_on,
        counted.kept_on,
        case
            when kept_column.columns = 0 then 'not_assessed'
            when counted.kept_on <= counted.due_on then 'kept'
            when counted.kept_on is not null then 'kept_late'
            when counted.due_on >= $morning and counted.open_late_days >= -setting.notice_days then 'due'
            when counted.due_on >= $morning then 'open'
            when date_diff('day', counted.due_on, $morning) <= setting.broken_days then 'late'
            else 'broken'
        end as state,
        cast(
            case
                when counted.kept_on is null then counted.open_late_days
                else greatest(counted.kept_late_days, 0)
            end
            as integer
        ) as late_days
    from counted
    cross join setting
    cross join kept_column
    inner join staging.client as client on counted.client_id = client.client_id
)

select * from judged
