-- one row per project: what its review starts from
with
project as (
    select * from features.project_state
),

setting as (
    select
        max(case when setting = 'expiry_notice_days' then value end) as expiry_notice_days,
        max(case when setting = 'incident_days' then value end) as incident_days
    from policy.esg_setting
),

signals as (
    select
        project_id,
        sum(case when severity = 'red' then 1 else 0 end) as signals_red,
        sum(case when severity = 'amber' then 1 else 0 end) as signals_amber
    from warnings.signal
    where audience = 'branch' and project_id is not null
    group by project_id
),

-- how many of several are so is not known where one of them is not
covenant as (
    select
        project_id,
        status,
        case when status = 'not_assessed' then 0 else 1 end as is_known
    from esg.covenant
),

covenants as (
    select
        project_id,
        count(*) as covenants_tested,
        case when min(is_known) = 1 then sum(case when status = 'breach' then 1 else 0 end) end as covenants_breached,
        case when min(is_known) = 1 then sum(case when status = 'waived' then 1 else 0 end) end as covenants_waived
    from covenant
    group by project_id
),

incidents as (
    select
        incident.project_id,
        case
            when min(case when incident.state = 'not_assessed' then 0 else 1 end) = 1
                then sum(case when incident.state = 'open' then 1 else 0 end)
        end as incidents_open,
        sum(
            case when date_diff('day', incident.occurred_on, $business_date) < setting.incident_days then 1 else 0 end
        ) as incidents_recent,
        sum(
            case
                when
                    incident.kind = 'penalty'
                    and date_diff('day', incident.occurred_on, $business_date) < setting.incident_days
                    then incident.amount
            end
        ) as penalties_recent_amt
    from esg.incident as incident
    cross join setting
    group by incident.project_id
),

action as (
    select
        project_id,
        state,
        days_late,
        case when state = 'not_assessed' then 0 else 1 end as is_known
    from esg.action
),

actions as (
    select
        project_id,
        case when min(is_known) = 1 then sum(case when state <> 'done' then 1 else 0 end) end as actions_open,
        case when min(is_known) = 1 then sum(case when state = 'overdue' then 1 else 0 end) end as actions_overdue,
        case when min(is_known) = 1 then max(days_late) end as actions_max_days_late
    from action
    group by project_id
),

expiries as (
    select
        project_id,
        days_left
    from esg.permit
    union all
    select
        project_id,
        days_left
    from esg.insurance
),

expiring as (
    select
        expiries.project_id,
        sum(case when expiries.days_left < 0 then 1 else 0 end) as papers_expired,
        sum(
            case when expiries.days_left between 0 and setting.expiry_notice_days then 1 else 0 end
        ) as papers_expiring
    from expiries
    cross join setting
    group by expiries.project_id
),

withheld as (
    select
        reviewed_project_id as project_id,
        count(distinct table_name || '|' || row_key || '|' || coalesce(column_name, '')) as withheld_count,
        string_agg(distinct table_name, ';' order by table_name) as withheld_tables
    from esg_review.withheld_row
    group by reviewed_project_id
),

-- of what the bank does not supply there is no number, and so no none; nor where nothing says whose some of it is
told as (
    select
        count(
            case
                when table_name = 'covenant_test' and column_name in ('project_id', 'loan_id') then 1
                when table_name = 'loan' and column_name = 'project_id' then 1
            end
        ) = 3 as has_covenants,
        count(case when table_name = 'esg_incident' and column_name in ('project_id', 'client_id') then 1 end) = 2
            as has_incidents,
        count(case when table_name = 'esg_incident' and column_name = 'amount' then 1 end) = 1 as has_penalties,
        count(case when table_name = 'esap_action' and column_name = 'project_id' then 1 end) = 1 as has_actions,
        count(
            case
                when table_name = 'permit' and column_name = 'expires_on' then 1
                when table_name = 'insurance' and column_name = 'expires_on' then 1
            end
        ) = 2 as has_papers
    from night.supplied_column
),

reviewed as (
    select
        $business_date as business_date,
        project.project_id,
        project.client_id,
        project.branch_id,
        project.name,
        project.sector_code,
        project.country,
        project.stage,
        project.ep_category,
        project.cn_class,
        project.approved_on,
        project.approved_amt,
        project.department,
        project.cod_contract,
        project.cod_forecast,
        project.longstop_date,
        project.concession_end,
        project.loan_count,
        project.outstanding_amt,
        project.limit_amt,
        project.ead_amt as exposure_amt,
        project.max_days_past_due,
        project.progress_date,
        project.physical_pct,
        coalesce(signals.signals_red, 0) as signals_red,
        coalesce(signals.signals_amber, 0) as signals_amber,
        case
            when told.has_covenants and covenants.project_id is null then 0
            when told.has_covenants then covenants.covenants_tested
        end as covenants_tested,
        case
            when told.has_covenants and covenants.project_id is null then 0
            when told.has_covenants then covenants.covenants_breached
        end as covenants_breached,
        case
            when told.has_covenants and covenants.project_id is null then 0
            when told.has_covenants then covenants.covenants_waived
        end as covenants_waived,
        case
            when told.has_incidents and incidents.project_id is null then 0
            when told.has_incidents then incidents.incidents_open
        end as incidents_open,
        case
            when told.has_incidents and incidents.project_id is null then 0
            when told.has_incidents then incidents.incidents_recent
        end as incidents_recent,
        case when told.has_incidents and told.has_penalties then coalesce(incidents.penalties_recent_amt, 0) end
            as penalties_recent_amt,
        case
            when told.has_actions and actions.project_id is null then 0
            when told.has_actions then actions.actions_open
        end as actions_open,
        case
            when told.has_actions and actions.project_id is null then 0
            when told.has_actions then actions.actions_overdue
        end as actions_overdue,
        case
            when told.has_actions and actions.project_id is null then 0
            when told.has_actions then actions.actions_max_days_late
        end as actions_max_days_late,
        case when told.has_papers then coalesce(expiring.papers_expired, 0) end as papers_expired,
        case when told.has_papers then coalesce(expiring.papers_expiring, 0) end as papers_expiring,
        cast(coalesce(withheld.withheld_count, 0) as integer) as withheld_count,
        withheld.withheld_tables,
        $policy_version as policy_version
    from project
    cross join told
    left join signals on project.project_id = signals.project_id
    left join covenants on project.project_id = covenants.project_id
    left join incidents on project.project_id = incidents.project_id
    left join actions on project.project_id = actions.project_id
    left join expiring on project.project_id = expiring.project_id
    left join withheld on project.project_id = withheld.project_id
)

select * from reviewed
