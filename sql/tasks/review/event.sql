-- one row per project and red signal of group E that stands: since which night it is red
with
project as (
    select * from tasks_review.reviewed
),

red as (
    select
        signal.client_id,
        signal.project_id,
        signal.indicator
    from warnings.signal as signal
    inner join policy.indicator as indicator on signal.indicator = indicator.indicator
    where indicator.group_code = 'E' and signal.severity = 'red' and signal.audience = 'branch'
),

-- one that names no project is of all of its client's
of_project as (
    select distinct
        project.project_id,
        red.indicator
    from red
    inner join project
        on red.client_id = project.client_id and coalesce(red.project_id, project.project_id) = project.project_id
),

standing as (
    select
        project_id,
        rule as indicator,
        min(event_on) as event_on
    from previous.esg_due
    where event_on is not null
    group by project_id, rule
),

since as (
    select
        of_project.project_id,
        of_project.indicator,
        coalesce(standing.event_on, $business_date) as event_on
    from of_project
    left join standing
        on of_project.project_id = standing.project_id and of_project.indicator = standing.indicator
)

select * from since
