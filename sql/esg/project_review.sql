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

covenants as (
    select
        project_id,
        count(*) as covenants_tested,
        sum(case when status = 'breach' then 1 else 0 end) as covenants_breached,
        sum(case when status = 'waived' then 1 else 0 end) as covenants_waived
    from esg.covenant
    group by project_id
),

incidents as (
    select
        incident.project_id,
        sum(case when incident.closed_on is null then 1 else 0 end) as incidents_open,
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

actions as (
    select
        project_id,
        sum(case when state <> 'done' then 1 else 0 end) as actions_open,
        sum(case when state = 'overdue' then 1 else 0 end) as actions_overdue,
        max(days_late) as actions_max_days_late
    from esg.action
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

-- a table that the bank does not supply is named, not taken for all clear
needed as (
    select string_agg(table_name, ';' order by table_name) as not_supplied
    from night.supplied
    where
        not is_supplied
        and table_name in (
            'covenant_test', 'emission', 'esap_action', 'esg_incident', 'esg_item', 'insurance', 'permit',
            'project_progress'
        )
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
        project.cod_contract,
        project.cod_forecast,
        project.longstop_date,
        project.concession_end,
        project.loan_count,
        project.outstanding_amt,
        project.limit_amt,
        coalesce(project.ead_amt, 0) as exposure_amt,
        project.max_days_past_due,
        project.progress_date,
        project.physical_pct,
        coalesce(signals.signals_red, 0) as signals_red,
        coalesce(signals.signals_amber, 0) as signals_amber,
        coalesce(covenants.covenants_tested, 0) as covenants_tested,
        coalesce(covenants.covenants_breached, 0) as covenants_breached,
        coalesce(covenants.covenants_waived, 0) as covenants_waived,
        coalesce(incidents.incidents_open, 0) as incidents_open,
        coalesce(incidents.incidents_recent, 0) as incidents_recent,
        coalesce(incidents.penalties_recent_amt, 0) as penalties_recent_amt,
        coalesce(actions.actions_open, 0) as actions_open,
        coalesce(actions.actions_overdue, 0) as actions_overdue,
        coalesce(actions.actions_max_days_late, 0) as actions_max_days_late,
        coalesce(expiring.papers_expired, 0) as papers_expired,
        coalesce(expiring.papers_expiring, 0) as papers_expiring,
        needed.not_supplied,
        $policy_version as policy_version
    from project
    cross join needed
    left join signals on project.project_id = signals.project_id
    left join covenants on project.project_id = covenants.project_id
    left join incidents on project.project_id = incidents.project_id
    left join actions on project.project_id = actions.project_id
    left join expiring on project.project_id = expiring.project_id
)

select * from reviewed
