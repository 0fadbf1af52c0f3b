-- one row per warning of a red client that nobody has answered: since which morning's list, and who is to see to it now
{% import 'macros/told.sql' as told %}
with
scored as (
    select
        branch_id,
        client_id,
        task_key,
        status,
        case when is_hard or severity = 'red' then 2 when severity = 'amber' then 1 else 0 end as severity_rank
    from tasks_listing.scored
    where kind = 'warning' and colour = 'red'
),

candidate as (
    select
        client_id,
        task_key,
        indicator,
        coalesce(loan_id, '') || '|' || coalesce(project_id, '') as subject
    from tasks_listing.candidate
),

-- that a warning is right may be said of its episode as well
confirmed as (
    select
        client_id,
        indicator,
        coalesce(loan_id, '') || '|' || coalesce(project_id, '') as subject
    from warnings.episode
    where state = 'confirmed'
),

-- the gravest warnings of a client carry its colour: the others are answered with them
gravest as (
    select
        scored.branch_id,
        scored.client_id,
        scored.task_key,
        scored.status,
        scored.severity_rank,
        max(scored.severity_rank) over (partition by scored.client_id) as most
    from scored
),

unanswered as (
    select
        gravest.branch_id,
        gravest.client_id,
        gravest.task_key,
        candidate.indicator
    from gravest
    inner join candidate on gravest.client_id = candidate.client_id and gravest.task_key = candidate.task_key
    left join confirmed
        on
            candidate.client_id = confirmed.client_id
            and candidate.indicator = confirmed.indicator
            and candidate.subject = confirmed.subject
    where gravest.severity_rank = gravest.most and gravest.status = 'open' and confirmed.client_id is null
),

morning as (
    select workday_index
    from night.calendar
    where day = $morning
),

next_list as (
    select min(day) as day
    from night.calendar
    where is_workday and day >= $morning
),

-- what a client's warning tells, by the line that it is of: tonight, and on the list before
line as (
    select
        signal.client_id,
        signal.indicator,
        {{ told.line_key('signal', 'told_together') | indent(8) }} as line_key
    from warnings.signal as signal
    left join policy.told_together as told_together on signal.indicator = told_together.indicator
),

line_before as (
    select
        signal.client_id,
        signal.indicator,
        {{ told.line_key('signal', 'told_together') | indent(8) }} as line_key
    from previous.signal as signal
    left join policy.told_together as told_together on signal.indicator = told_together.indicator
),

-- a graver signal that takes a line over takes its clock along, unless the line was answered meanwhile
taken_over as (
    select
        before.client_id,
        line_before.line_key,
        min(before.unanswered_since) as unanswered_since
    from previous.task as before
    inner join line_before on before.client_id = line_before.client_id and before.indicator = line_before.indicator
    left join staging.task_feedback as feedback on before.task_key = feedback.task_key
    left join confirmed
        on
            before.client_id = confirmed.client_id
            and before.indicator = confirmed.indicator
            and coalesce(before.loan_id, '') || '|' || coalesce(before.project_id, '') = confirmed.subject
    where
        before.unanswered_since is not null
        and before.kind = 'warning'
        and (feedback.task_key is null or coalesce(feedback.done_at = before.feedback_at, false))
        and confirmed.client_id is null
    group by before.client_id, line_before.line_key
),

-- the clock is of the first list that asked, also where it was quiet since within its episode; an answer stops it, and
-- what is open again after one, or got worse meanwhile, is asked anew
asked as (
    select
        unanswered.branch_id,
        unanswered.client_id,
        unanswered.task_key,
        coalesce(
            before.unanswered_since,
            case when paused.unanswered_since > warning.worsened_on then paused.unanswered_since end,
            case when before.task_key is null then taken_over.unanswered_since end,
            next_list.day
        ) as unanswered_since
    from unanswered
    cross join next_list
    left join previous.task as before on unanswered.task_key = before.task_key
    left join previous.escalation_pause as paused on unanswered.task_key = paused.task_key
    left join warnings.warning as warning on unanswered.client_id = warning.client_id
    left join line on unanswered.client_id = line.client_id and unanswered.indicator = line.indicator
    left join taken_over on line.client_id = taken_over.client_id and line.line_key = taken_over.line_key
),

waited as (
    select
        asked.branch_id,
        asked.client_id,
        asked.task_key,
        asked.unanswered_since,
        morning.workday_index - first_day.workday_index as waited_days
    from asked
    cross join morning
    left join night.calendar as first_day on asked.unanswered_since = first_day.day
),

reached as (
    select
        waited.branch_id,
        waited.client_id,
        waited.task_key,
        waited.unanswered_since,
        escalation.escalated_to,
        row_number() over (
            partition by waited.client_id, waited.task_key
            order by escalation.after_workdays desc, escalation.escalated_to asc
        ) as place
    from waited
    left join policy.escalation as escalation on waited.waited_days >= escalation.after_workdays
)

select
    branch_id,
    client_id,
    task_key,
    unanswered_since,
    escalated_to
from reached
where place = 1
