-- one row per project and fact that its review rests on, as tonight has it: what a signature keeps, and what later
-- nights are held against: also what it is judged by, so that proof that comes later, a new limit or a report that
-- says otherwise is a change. What grows by the day alone (days late, days left) is none, and of proof that the bank
-- does not record nothing is said
with
project as (
    select * from features.project_state
),

setting as (
    select max(case when setting = 'long_overdue_days' then value end) as long_overdue_days
    from policy.esg_setting
),

profile as (
    select
        project_id,
        'profile' as kind,
        'ep_category' as subject,
        cast(null as varchar) as name,
        ep_category as value,
        case when ep_category is null then 'not_assessed' else 'grey' end as tone
    from project
    union all
    select
        project_id,
        'profile' as kind,
        'cn_class' as subject,
        cast(null as varchar) as name,
        cn_class as value,
        case when cn_class is null then 'not_assessed' else 'grey' end as tone
    from project
    union all
    select
        project_id,
        'profile' as kind,
        'stage' as subject,
        cast(null as varchar) as name,
        stage as value,
        'grey' as tone
    from project
),

permit_state as (
    select
        permit.*,
        case
            when permit.expires_on is null and not permit.does_expire then 'endless'
            when permit.expires_on is null then 'unknown'
            when permit.days_left < 0 and permit.renewal_filed_on is not null then 'expired_filed'
            when permit.days_left < 0 then 'expired'
            when permit.renewal_filed_on is not null then 'filed'
            when permit.days_left <= permit.notice_days then 'soon'
            else 'valid'
        end as state
    from esg.permit as permit
),

permit as (
    select
        project_id,
        'permit' as kind,
        permit_id as subject,
        kind as name,
        state || coalesce(' ' || cast(expires_on as varchar), '')
        || case when evidence_id is null and not is_evidence_unknown and state <> 'unknown' then ' unproven' else '' end
            as value,
        case
            when state = 'expired' or (state = 'expired_filed' and is_operating_critical) then 'red'
            when state in ('expired_filed', 'soon') then 'amber'
            when state = 'unknown' or evidence_id is null then 'not_assessed'
            else 'green'
        end as tone
    from permit_state
),

action as (
    select
        action.project_id,
        'action' as kind,
        action.action_id as subject,
        action.description as name,
        case
            when action.state = 'overdue' and action.days_late > setting.long_overdue_days then 'long_overdue'
            when action.state = 'done' and action.evidence_id is null and not action.is_evidence_unknown
                then 'done unproven'
            else action.state
        end as value,
        case
            when action.state = 'overdue' and action.days_late > setting.long_overdue_days then 'red'
            when action.state = 'overdue' then 'amber'
            when action.state = 'done' and action.evidence_id is not null then 'green'
            when action.state = 'open' then 'grey'
            else 'not_assessed'
        end as tone
    from esg.action as action
    cross join setting
),

incident as (
    select
        incident.project_id,
        'incident' as kind,
        incident.incident_id as subject,
        incident.kind as name,
        case
            when
                incident.state = 'closed'
                and incident.verification in ('without_evidence', 'before_incident', 'not_verified')
                then 'closed unverified'
            else incident.state
        end as value,
        case
            when incident.state = 'open' then coalesce(incident_kind.open_tone, 'amber')
            when incident.state = 'closed' and incident.verification = 'verified' then 'green'
            else 'not_assessed'
        end as tone
    from esg.incident as incident
    left join policy.incident_kind as incident_kind on lower(trim(incident.kind)) = incident_kind.kind
),

item as (
    select
        project_id,
        'item' as kind,
        item as subject,
        cast(null as varchar) as name,
        coalesce(
            cast(period_end as varchar)
            || ' '
            || cast(value as varchar)
            || coalesce(' limit ' || cast(permit_limit as varchar), '')
            || coalesce(' target ' || cast(target as varchar), ''),
            state
        ) as value,
        case
            when state = 'over_limit' then 'red'
            when state in ('near_limit', 'behind_target') then 'amber'
            when state in ('within_limit', 'on_target') then 'green'
            when state = 'no_line' then 'grey'
            else 'not_assessed'
        end as tone
    from esg.kpi
),

emission as (
    select
        project_id,
        'emission' as kind,
        cast(year as varchar) || ':' || cast(scope as varchar) as subject,
        cast(null as varchar) as name,
        coalesce(cast(emission_t as varchar), reason) as value,
        case when financed_t is null then 'not_assessed' else 'grey' end as tone
    from esg.financed_emission
    -- of what nobody has to report yet nothing is asked
    where project_id is not null and reason is distinct from 'not_due'
),

score as (
    select
        project_id,
        'score' as kind,
        'evidenced' as subject,
        cast(null as varchar) as name,
        cast(score_evidenced as varchar) as value,
        case when score_evidenced is null then 'not_assessed' else 'grey' end as tone
    from features.esg_score
    where as_of = $business_date
    union all
    select
        project_id,
        'score' as kind,
        'strict' as subject,
        cast(null as varchar) as name,
        cast(score_strict as varchar) as value,
        'grey' as tone
    from features.esg_score
    where as_of = $business_date
),

grievance as (
    select
        project_id,
        'grievance' as kind,
        'open' as subject,
        cast(null as varchar) as name,
        cast(open_count as varchar)
        || case
            when is_contradicted or reported_open > open_then then ' reported ' || cast(reported_open as varchar)
            else ''
        end as value,
        case
            when open_count is null then 'not_assessed'
            when coalesce(is_contradicted, false) or open_count > 0 then 'amber'
            -- the project tells of more than the bank's register has: which is right is not known
            when reported_open > open_then then 'not_assessed'
            else 'green'
        end as tone
    from esg.grievance
),

signal as (
    select distinct
        project.project_id,
        'signal' as kind,
        signal.indicator as subject,
        cast(null as varchar) as name,
        signal.severity as value,
        signal.severity as tone
    from warnings.signal as signal
    inner join policy.indicator as indicator on signal.indicator = indicator.indicator
    inner join project on signal.project_id = project.project_id
    where indicator.group_code = 'E' and signal.audience = 'branch' and signal.severity in ('red', 'amber')
),

gathered as (
    select * from profile
    union all
    select * from permit
    union all
    select * from action
    union all
    select * from incident
    union all
    select * from item
    union all
    select * from emission
    union all
    select * from score
    union all
    select * from grievance
    union all
    select * from signal
),

told as (
    select
        $business_date as business_date,
        gathered.project_id,
        project.client_id,
        project.branch_id,
        gathered.kind || '|' || gathered.subject as fact,
        gathered.kind,
        gathered.subject,
        gathered.name,
        coalesce(gathered.value, 'unknown') as value,
        gathered.tone
    from gathered
    inner join project on gathered.project_id = project.project_id
)

select * from told
