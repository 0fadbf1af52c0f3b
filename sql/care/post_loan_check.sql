-- one row per loan and check or renewal that it is owed: when it is due (a working day), when one was last made, and
-- whether it is open, overdue, done or not assessed
with
loan as (
    select * from care_check.loan
),

-- what comes round again is never done for good
recurring as (
    select * from care_check.rhythm
    union all
    select * from care_check.security
),

gathered as (
    select
        loan_id,
        kind,
        subject,
        due_on,
        done_on,
        stage,
        interval_days,
        basis,
        cast(null as date) as happened_on,
        unknown,
        done_on is not null as is_done
    from care_check.first
    union all
    select
        loan_id,
        kind,
        subject,
        due_on,
        done_on,
        stage,
        interval_days,
        basis,
        happened_on,
        unknown,
        done_on is not null as is_done
    from care_check.key
    union all
    select
        loan_id,
        kind,
        subject,
        due_on,
        done_on,
        stage,
        interval_days,
        basis,
        cast(null as date) as happened_on,
        unknown,
        false as is_done
    from recurring
),

setting as (
    select cast(max(case when setting = 'done_kept_days' then value end) as integer) as kept_days
    from policy.post_loan_setting
),

-- on a day off the working day before it
workday as (
    select
        workday_index,
        day
    from night.calendar
    where is_workday
),

rolled as (
    select
        gathered.*,
        coalesce(workday.day, gathered.due_on) as due_workday,
        calendar.workday_index as due_index
    from gathered
    left join night.calendar as calendar on gathered.due_on = calendar.day
    left join workday on calendar.workday_index = workday.workday_index
),

morning as (
    select workday_index
    from night.calendar
    where day = $morning
),

-- a check that may be in a row that the checks hold back is not called overdue
held as (
    select distinct client_id
    from night.withheld
    where table_name in ('contact', 'check_report')
),

judged as (
    select
        $business_date as business_date,
        loan.branch_id,
        rolled.loan_id,
        loan.client_id,
        loan.project_id,
        rolled.kind,
        rolled.subject,
        rolled.due_workday as due_on,
        rolled.done_on,
        rolled.stage,
        rolled.interval_days,
        cast(
            case
                when rolled.is_done
                    then
                        greatest(
                            coalesce(
                                done_day.workday_index - rolled.due_index,
                                date_diff('day', rolled.due_on, rolled.done_on)
                            ),
                            0
                        )
                else coalesce(
                    morning.workday_index - rolled.due_index, date_diff('day', rolled.due_on, $morning)
                )
            end
            as integer
        ) as late_days,
        rolled.basis,
        case
            when rolled.is_done then 'done'
            when rolled.unknown is not null or rolled.due_workday is null then 'not_assessed'
            when rolled.due_workday >= $morning then 'open'
            when held.client_id is not null then 'not_assessed'
            else 'overdue'
        end as state,
        case
            when rolled.is_done then null
            when rolled.unknown is not null then rolled.unknown
            when rolled.due_workday is null then 'no_date'
            when rolled.due_workday < $morning and held.client_id is not null then 'held_back'
        end as reason,
        rolled.happened_on
    from rolled
    inner join loan on rolled.loan_id = loan.loan_id
    cross join morning
    cross join setting
    left join night.calendar as done_day on rolled.done_on = done_day.day
    left join held on loan.client_id = held.client_id
    where not rolled.is_done or date_diff('day', rolled.done_on, $business_date) <= setting.kept_days
)

select * from judged
