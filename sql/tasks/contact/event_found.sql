-- one row per event that asks for a special contact: whose, which, since when, and by when where a date in it says so
{% set stated = ('incident', 'outside', 'complaint', 'opportunity', 'report', 'off_balance', 'milestone', 'handover',
    'remembered') %}
with
client as (
    select
        client_id,
        is_active
    from staging.client
    where is_active
),

project as (
    select * from features.project_state
),

-- what a penalty or an order is, a warning tells (E01); the others are told here
incident as (
    select
        coalesce(project.client_id, known.client_id) as client_id,
        'incident' as event,
        known.incident_id as subject,
        coalesce(known.published_on, known.occurred_on) as happened_on,
        cast(null as date) as latest_on,
        known.occurred_on as told_on,
        cast(null as varchar) as told,
        cast(null as decimal(38, 2)) as told_amt
    from staging.esg_incident as known
    left join project on known.project_id = project.project_id
    left join policy.incident_kind as incident_kind on known.kind = incident_kind.kind
    where incident_kind.counts_as is null and known.closed_on is null
),

-- one that a rule of the outside world has made a warning of is that warning's task
outside as (
    select
        told.client_id,
        contact_outside_event.event,
        told.event_id as subject,
        told.published_on as happened_on,
        cast(null as date) as latest_on,
        told.published_on as told_on,
        told.kind as told,
        cast(null as decimal(38, 2)) as told_amt
    from staging.external_event as told
    inner join policy.contact_outside_event as contact_outside_event on told.kind = contact_outside_event.kind
    left join warnings.signal as signal
        on told.client_id = signal.client_id and contact_outside_event.indicator = signal.indicator
    where signal.client_id is null and coalesce(told.role, '') <> 'plaintiff'
),

setting as (
    select
        max(case when setting = 'low_csat' then value end) as low_csat,
        max(case when setting = 'detractor_nps' then value end) as detractor_nps,
        max(case when setting = 'outflow_balance_pct' then value end) as outflow_pct,
        max(case when setting = 'outflow_amt' then value end) as outflow_amt,
        max(case when setting = 'outflow_days' then value end) as outflow_days,
        cast(max(case when setting = 'report_notice_days' then value end) as integer) as report_notice_days,
        cast(max(case when setting = 'milestone_notice_days' then value end) as integer) as milestone_notice_days
    from policy.task_setting
),

complaint as (
    select
        survey.client_id,
        'complaint' as event,
        survey.response_id as subject,
        survey.answered_on as happened_on,
        cast(null as date) as latest_on,
        survey.answered_on as told_on,
        cast(null as varchar) as told,
        cast(null as decimal(38, 2)) as told_amt
    from staging.survey as survey
    cross join setting
    where survey.csat <= setting.low_csat or survey.nps <= setting.detractor_nps
),

opportunity as (
    select
        need.client_id,
        'opportunity' as event,
        need.need_id as subject,
        need.raised_on as happened_on,
        cast(null as date) as latest_on,
        need.raised_on as told_on,
        need.kind as told,
        cast(null as decimal(38, 2)) as told_amt
    from staging.need as need
    where need.is_open
),

-- accounts that are late a warning tells (F19)
report as (
    select
        due.client_id,
        case when due.due_on < $morning then 'report_overdue' else 'report_due' end as event,
        due.kind || '/' || cast(due.due_on as varchar) as subject,
        case
            when due.due_on < $morning then due.due_on
            else cast(due.due_on - setting.report_notice_days * interval '1' day as date)
        end as happened_on,
        case when due.due_on >= $morning then due.due_on end as latest_on,
        due.due_on as told_on,
        due.kind as told,
        cast(null as decimal(38, 2)) as told_amt
    from staging.report_due as due
    cross join setting
    left join warnings.signal as late on due.client_id = late.client_id and late.indicator = 'F19'
    where
        due.received_on is null
        and not coalesce(due.is_receipt_unknown, false)
        and date_diff('day', $morning, due.due_on) <= setting.report_notice_days
        and (due.due_on >= $morning or due.kind <> 'statement' or late.client_id is null)
),

-- the shortest notice that is reached asks anew
off_balance as (
    select
        item.client_id,
        'off_balance_maturity' as event,
        item.offbalance_id || '/' || cast(min(maturity_notice.notice_days) as varchar) as subject,
        cast(item.expires_on - min(maturity_notice.notice_days) * interval '1' day as date) as happened_on,
        item.expires_on as latest_on,
        item.expires_on as told_on,
        item.kind as told,
        item.amount as told_amt
    from source.offbalance as item
    inner join policy.maturity_notice as maturity_notice
        on date_diff('day', $morning, item.expires_on) <= maturity_notice.notice_days
    where item.expires_on >= $morning and item.advanced_on is null
    group by item.offbalance_id, item.client_id, item.kind, item.amount, item.expires_on
),

milestone as (
    select
        project.client_id,
        'milestone' as event,
        project.project_id || '/' || cast(project.cod_forecast as varchar) as subject,
        cast(project.cod_forecast - setting.milestone_notice_days * interval '1' day as date) as happened_on,
        cast(null as date) as latest_on,
        project.cod_forecast as told_on,
        cast(null as varchar) as told,
        cast(null as decimal(38, 2)) as told_amt
    from project
    cross join setting
    where
        project.stage = 'construction'
        and date_diff('day', $morning, project.cod_forecast) between 0 and setting.milestone_notice_days
),

-- money that left since the night before and leaves less than the client ever had; where a warning or a task of funds
-- that leave says so already, nothing is asked twice
outflow as (
    select
        balance.client_id,
        'large_outflow' as event,
        cast($business_date as varchar) as subject,
        cast($business_date as date) as happened_on,
        cast(null as date) as latest_on,
        cast($business_date as date) as told_on,
        cast(null as varchar) as told,
        cast(null as decimal(38, 2)) as told_amt
    from features.client_balance as balance
    cross join setting
    inner join previous.client_balance as before on balance.client_id = before.client_id
    left join warnings.signal as falling on balance.client_id = falling.client_id and falling.indicator = 'T01'
    left join tasks_candidate.funds_leaving as leaving on balance.client_id = leaving.client_id
    left join tasks_candidate.silent_client as silent on balance.client_id = silent.client_id
    where
        balance.is_assessed
        and falling.client_id is null
        and leaving.client_id is null
        and silent.client_id is null
        and balance.balance_amt < balance.month_avg_p05_amt
        and (
            before.balance_amt - balance.balance_amt >= balance.avg_90d_amt * setting.outflow_pct * 0.01
            or before.balance_amt - balance.balance_amt >= setting.outflow_amt
        )
        and before.balance_amt > balance.balance_amt
        -- over a gap of nights it would be no sudden fall
        and date_diff('day', before.data_date, balance.data_date) <= setting.outflow_days
),

-- whose manager left or changed
handover as (
    select
        owner.client_id,
        'handover' as event,
        cast(owner.handed_on as varchar) as subject,
        owner.handed_on as happened_on,
        cast(null as date) as latest_on,
        owner.handed_on as told_on,
        -- whom the register does not name goes by the id
        coalesce(staff.name, owner.handed_from_id) as told,
        cast(null as decimal(38, 2)) as told_amt
    from tasks.client_owner as owner
    left join source.staff as staff on owner.handed_from_id = staff.staff_id
    where owner.handed_on is not null and owner.handed_from_id is not null
),

-- of an event that only one night sees, the plan of the night before tells
remembered as (
    select
        client_id,
        event,
        slot as subject,
        window_from as happened_on,
        cast(null as date) as latest_on,
        window_from as told_on,
        cast(null as varchar) as told,
        cast(null as decimal(38, 2)) as told_amt
    from previous.contact_plan
    where kind = 'special' and event = 'large_outflow' and state <> 'missed'
),

found as (
    {% for event in stated %}
    select * from {{ event }}
    union all
    {% endfor %}
    select outflow.*
    from outflow
    left join remembered on outflow.client_id = remembered.client_id
    where remembered.client_id is null
),

of_clients as (
    select found.*
    from found
    inner join client on found.client_id = client.client_id
)

select * from of_clients
