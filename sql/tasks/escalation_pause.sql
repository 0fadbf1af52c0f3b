-- one row per warning that lists of a red client asked for in vain and none asks for tonight, as it is quiet or the
-- client no longer red, while its episode is open and unanswered: with it the clock of its escalation goes on
with
stood as (
    select
        client_id,
        task_key,
        indicator,
        loan_id,
        project_id,
        started_on,
        unanswered_since
    from previous.task
    where kind = 'warning' and unanswered_since is not null
    union all
    select
        client_id,
        task_key,
        indicator,
        loan_id,
        project_id,
        started_on,
        unanswered_since
    from previous.escalation_pause
),

asked as (
    select task_key
    from tasks_listing.escalated
),

answered as (
    select
        task_key,
        done_on
    from staging.task_feedback
),

lasting as (
    select distinct
        client_id,
        indicator,
        coalesce(loan_id, '') || '|' || coalesce(project_id, '') as subject,
        started_on
    from warnings.episode
    where closed_on is null and state <> 'confirmed'
),

-- what got worse since begins a clock of its own
paused as (
    select
        $business_date as business_date,
        stood.client_id,
        stood.task_key,
        stood.indicator,
        stood.loan_id,
        stood.project_id,
        stood.started_on,
        stood.unanswered_since
    from stood
    inner join lasting
        on
            stood.client_id = lasting.client_id
            and stood.indicator = lasting.indicator
            and coalesce(stood.loan_id, '') || '|' || coalesce(stood.project_id, '') = lasting.subject
            and stood.started_on = lasting.started_on
    inner join warnings.warning as warning
        on stood.client_id = warning.client_id and stood.unanswered_since > warning.worsened_on
    left join asked on stood.task_key = asked.task_key
    left join answered on stood.task_key = answered.task_key and stood.unanswered_since <= answered.done_on
    where asked.task_key is null and answered.task_key is null
)

select * from paused
