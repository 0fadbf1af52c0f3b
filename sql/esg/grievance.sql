-- one row per project: its grievances as incidents tell them, beside what it reports itself
with
project as (
    select
        project_id,
        client_id,
        branch_id
    from features.project_state
),

supplied as (
    select count(case when table_name = 'esg_incident' and is_supplied then 1 end) = 1 as has_incidents
    from night.supplied
),

incident as (
    select * from esg.incident
    where lower(trim(kind)) = 'grievance'
),

reported as (
    select
        project_id,
        period_end,
        value,
        row_number() over (partition by project_id order by period_end desc) as place
    from source.esg_item
    where lower(trim(item)) = 'grievances_open' and value is not null and period_end <= $business_date
),

-- open on the day that the report is of, as the score and the figures count them
then_open as (
    select
        project_id,
        period_end,
        open_count as open_then
    from staging_register.counted
    where item = 'grievances_open'
),

counted as (
    select
        project_id,
        sum(case when state = 'open' then 1 else 0 end) as open_count,
        sum(case when state = 'closed' then 1 else 0 end) as closed_count,
        sum(case when state = 'not_assessed' then 1 else 0 end) as unknown_count,
        max(case when state = 'open' then days_open end) as oldest_open_days
    from incident
    group by project_id
),

told as (
    select
        $business_date as business_date,
        project.project_id,
        project.client_id,
        project.branch_id,
        case when supplied.has_incidents then coalesce(counted.open_count, 0) end as open_count,
        case when supplied.has_incidents then coalesce(counted.closed_count, 0) end as closed_count,
        case when supplied.has_incidents then coalesce(counted.unknown_count, 0) end as unknown_count,
        counted.oldest_open_days,
        cast(reported.value as decimal(18, 4)) as reported_open,
        reported.period_end as reported_on,
        -- fewer are reported than stood open on that day
        then_open.open_then,
        then_open.open_then > reported.value as is_contradicted
    from project
    cross join supplied
    left join counted on project.project_id = counted.project_id
    left join reported on project.project_id = reported.project_id and reported.place = 1
    left join then_open
        on reported.project_id = then_open.project_id and reported.period_end = then_open.period_end
)

select * from told
