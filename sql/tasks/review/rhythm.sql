-- one row per project and kind of review that its category and stage ask for from time to time: the last and the next
{% import 'macros/month.sql' as month %}
with
project as (
    select * from tasks_review.reviewed
),

told as (
    select
        kind,
        min(first_day) as first_day
    from tasks_review.told
    group by kind
),

last_done as (
    select
        project_id,
        kind,
        done_on,
        told_by,
        row_number() over (partition by project_id, kind order by done_on desc, told_by asc) as place
    from tasks_review.done
),

-- what the bank's register names is due then, whatever the rhythm says
registered as (
    select
        project.project_id,
        'report' as kind,
        max(report_due.due_on) as last_due_on,
        min(
            case
                when report_due.received_on is null and not coalesce(report_due.is_receipt_unknown, false)
                    then report_due.due_on
            end
        ) as open_due_on
    from staging.report_due as report_due
    inner join project
        on
            report_due.client_id = project.client_id
            and coalesce(report_due.project_id, project.project_id) = project.project_id
    where report_due.kind = 'esg_report'
    group by project.project_id
),

asked as (
    select
        project.*,
        rhythm.kind,
        rhythm.every_months,
        rhythm.grace_days,
        told.kind is not null as is_told,
        told.first_day,
        last_done.done_on,
        last_done.told_by,
        registered.open_due_on,
        registered.last_due_on
    from project
    inner join policy.esg_rhythm as rhythm
        on project.category = rhythm.category and project.stage = rhythm.stage
    left join told on rhythm.kind = told.kind
    left join last_done
        on project.project_id = last_done.project_id and rhythm.kind = last_done.kind and last_done.place = 1
    left join registered on project.project_id = registered.project_id and rhythm.kind = registered.kind
),

-- where nothing is known to have been done the clock runs from the day from which it would be known
anchored as (
    select
        *,
        coalesce(done_on, case when began_on < first_day then first_day else began_on end) as counted_from
    from asked
),

-- by the end of the month that lies so many months ahead
due as (
    select
        project_id,
        client_id,
        branch_id,
        category,
        stage,
        kind,
        -- a date of the register is the contract's, and the rhythm of policy did not set it
        case when open_due_on is null then 'rhythm' else 'register' end as rule,
        case when open_due_on is null then every_months end as every_months,
        is_told,
        done_on,
        told_by,
        case
            when not is_told then null
            when open_due_on is not null then open_due_on
            when last_due_on is not null
                then cast({{ month.first_day("last_due_on", "every_months + 1") }} - interval '1' day as date)
            else
                cast(
                    {{ month.first_day("counted_from", "every_months + 1") }}
                    + grace_days * interval '1' day - interval '1' day as date
                )
        end as due_on
    from anchored
)

select * from due
