-- one row per project and IFC performance standard: what is known of it and how that stands; what nothing is known of
-- is not graded; and what evidence it needs that is not on file
with
project as (
    select
        project_id,
        client_id,
        branch_id
    from features.project_state
),

setting as (
    select
        max(case when setting = 'long_overdue_days' then value end) as long_overdue_days,
        max(case when setting = 'expiry_notice_days' then value end) as expiry_notice_days
    from policy.esg_setting
),

standard as (
    select 'PS1' as standard
    union all
    select 'PS2' as standard
    union all
    select 'PS3' as standard
    union all
    select 'PS4' as standard
    union all
    select 'PS5' as standard
    union all
    select 'PS6' as standard
    union all
    select 'PS7' as standard
    union all
    select 'PS8' as standard
),

action as (
    select
        action.project_id,
        action.standard,
        'action' as source,
        case
            when action.state = 'done' and action.evidence_id is not null then 'met'
            when action.state = 'done' and action.is_evidence_unknown then 'untold'
            when action.state = 'done' then 'unproven'
            when action.state = 'not_assessed' then 'unknown'
            when action.state = 'overdue' and action.days_late > setting.long_overdue_days then 'red'
            when action.state = 'overdue' then 'amber'
            else 'open'
        end as tone,
        action.state <> 'done' and coalesce(priority.is_high, false) as is_high
    from esg.action as action
    cross join setting
    left join policy.action_priority as priority on lower(trim(action.priority)) = priority.word
    where action.standard is not null
),

-- an incident is of the standard that its kind is of, and of each that its cause names: a fine is a breach of law
-- and of what was broken
incident_standard as (
    select distinct
        incident.project_id,
        incident.incident_id,
        placed.standard,
        placed.source = 'cause' as is_by_cause
    from esg.incident as incident
    inner join policy.performance_standard as placed
        on
            (placed.source = 'incident' and lower(trim(incident.kind)) = placed.code)
            or (placed.source = 'cause' and contains(lower(incident.cause), placed.code))
),

incident_placed as (
    select distinct
        project_id,
        incident_id,
        standard
    from incident_standard
),

incident as (
    select
        incident.project_id,
        placed.standard,
        'incident' as source,
        case
            when incident.state = 'closed' and incident.verification = 'verified' then 'met'
            when incident.state = 'closed' and incident.verification in ('not_supplied', 'not_assessed') then 'untold'
            when incident.state = 'closed' then 'unproven'
            when incident.state = 'not_assessed' then 'unknown'
            else coalesce(incident_kind.open_tone, 'amber')
        end as tone,
        incident.state = 'open' and coalesce(incident_kind.open_tone = 'red', false) as is_high
    from esg.incident as incident
    inner join incident_placed as placed
        on incident.project_id = placed.project_id and incident.incident_id = placed.incident_id
    left join policy.incident_kind as incident_kind on lower(trim(incident.kind)) = incident_kind.kind
),

-- what an authority fines or stops says nothing of what it is about, nor does a kind that nobody placed: while it is
-- not closed and its cause names no standard, it may be of any
unplaced as (
    select distinct incident.project_id
    from esg.incident as incident
    left join policy.incident_kind as incident_kind on lower(trim(incident.kind)) = incident_kind.kind
    left join incident_standard as placed
        on
            incident.project_id = placed.project_id
            and incident.incident_id = placed.incident_id
            and (placed.is_by_cause or coalesce(incident_kind.counts_as not in ('penalty', 'stop'), true))
    where incident.state <> 'closed' and placed.standard is null
),

permit as (
    select
        permit.project_id,
        placed.standard,
        'permit' as source,
        case
            when not coalesce(permit.is_issued, true) then 'open'
            when
                permit.days_left < 0
                and (permit.renewal_filed_on is not null or permit.is_renewal_unknown)
                and not coalesce(permit.is_operating_critical, false)
                then 'amber'
            when permit.days_left < 0 then 'red'
            when permit.days_left is null and permit.does_expire then 'unknown'
            when
                permit.days_left <= coalesce(permit.notice_days, setting.expiry_notice_days)
                and permit.renewal_filed_on is null
                then 'amber'
            when permit.evidence_id is not null then 'met'
            when permit.is_evidence_unknown then 'untold'
            else 'unproven'
        end as tone,
        coalesce(permit.days_left < 0 and permit.is_operating_critical, false) as is_high
    from esg.permit as permit
    cross join setting
    inner join policy.performance_standard as placed
        on placed.source = 'permit' and lower(trim(permit.kind)) = placed.code
),

-- a figure stands as esg.kpi has it; without evidence, or of no use, nobody knows. What has no limit (a target
-- is the client's own), or is a grade that a person gave, says that the standard is touched, and no more
reported as (
    select
        project_id,
        item,
        state
    from esg.kpi
    where state <> 'missing'
    union all
    select distinct
        project_id,
        item,
        'graded' as state
    from staging.esg_item
    where kind = 'screening' and value is not null
),

item as (
    select
        reported.project_id,
        placed.standard,
        'item' as source,
        case
            when reported.state = 'over_limit' then 'red'
            when reported.state = 'near_limit' then 'amber'
            when reported.state = 'within_limit' then 'met'
            when reported.state in ('no_evidence', 'unit_differs', 'implausible') then 'unknown'
            else 'touched'
        end as tone,
        reported.state = 'over_limit' as is_high
    from reported
    inner join policy.performance_standard as placed
        on placed.source = 'item' and reported.item = placed.code
),

fact as (
    select * from action
    union all
    select * from incident
    union all
    select * from permit
    union all
    select * from item
),

counted as (
    select
        project_id,
        standard,
        count(*) as facts,
        max(case when is_high then 1 else 0 end) = 1 as has_high_risk,
        sum(case when source = 'action' and tone in ('red', 'amber') then 1 else 0 end) as actions_overdue,
        sum(case when source = 'action' and tone in ('open', 'unknown') then 1 else 0 end) as actions_open,
        sum(case when source = 'action' and tone = 'unproven' then 1 else 0 end) as actions_unproven,
        sum(case when source = 'action' and tone = 'untold' then 1 else 0 end) as actions_evidence_unknown,
        sum(case when source = 'action' and tone = 'met' then 1 else 0 end) as actions_done,
        sum(case when source = 'incident' and tone in ('red', 'amber') then 1 else 0 end) as incidents_open,
        sum(case when source = 'permit' and tone in ('red', 'amber') then 1 else 0 end) as permits_due,
        sum(case when source = 'permit' and tone = 'unknown' then 1 else 0 end) as permits_without_end,
        sum(case when source = 'permit' and tone = 'unproven' then 1 else 0 end) as permits_unproven,
        sum(case when source = 'permit' and tone = 'untold' then 1 else 0 end) as permits_evidence_unknown,
        sum(case when source = 'incident' and tone = 'unknown' then 1 else 0 end) as incidents_unknown,
        sum(case when source = 'incident' and tone = 'unproven' then 1 else 0 end) as incidents_unverified,
        sum(case when source = 'incident' and tone = 'untold' then 1 else 0 end) as incidents_verification_unknown,
        sum(case when source = 'item' and tone = 'unknown' then 1 else 0 end) as items_unproven,
        sum(case when source = 'item' and tone = 'touched' then 1 else 0 end) as items_without_limit,
        sum(case when source = 'item' and tone = 'red' then 1 else 0 end) as items_over_limit,
        sum(case when source = 'item' and tone = 'amber' then 1 else 0 end) as items_near_limit,
        max(case when tone = 'red' then 1 else 0 end) as reds,
        max(case when tone = 'amber' then 1 else 0 end) as ambers,
        max(case when tone in ('unknown', 'untold', 'unproven') then 1 else 0 end) as unknowns,
        max(case when tone = 'open' then 1 else 0 end) as opens,
        max(case when tone = 'met' then 1 else 0 end) as mets
    from fact
    group by project_id, standard
),

-- a row that the checks hold back may be of any standard
held as (
    select distinct reviewed_project_id as project_id
    from esg_review.withheld_row
    where table_name in ('esap_action', 'esg_incident', 'permit', 'esg_item')
),

lacking as (
    select
        project_id,
        standard,
        string_agg(case when state = 'missing' then need end, ';' order by place) as needed,
        {% for language, between in (('zh', '、'), ('en', '; ')) %}
        string_agg(case when state = 'missing' then name_{{ language }} end, '{{ between }}' order by place)
            as needed_{{ language }},
        string_agg(case when state <> 'missing' then name_{{ language }} end, '{{ between }}' order by place)
            as unshown_{{ language }},
        {% endfor %}
        count(*) as needs
    from esg_evidence.need
    group by project_id, standard
),

graded as (
    select
        $business_date as business_date,
        project.project_id,
        project.client_id,
        project.branch_id,
        standard.standard,
        counted.facts is not null as is_triggered,
        counted.has_high_risk,
        counted.actions_overdue,
        counted.actions_open,
        counted.actions_unproven,
        counted.actions_evidence_unknown,
        counted.actions_done,
        counted.incidents_open,
        counted.permits_due,
        counted.permits_without_end,
        counted.permits_unproven,
        counted.permits_evidence_unknown,
        counted.items_over_limit,
        counted.items_near_limit,
        counted.incidents_unknown,
        counted.incidents_unverified,
        counted.incidents_verification_unknown,
        counted.items_unproven,
        counted.items_without_limit,
        counted.unknowns,
        lacking.needed,
        lacking.needed_zh,
        lacking.needed_en,
        lacking.unshown_zh,
        lacking.unshown_en,
        lacking.needs is not null as has_open_need,
        held.project_id is not null as is_held,
        unplaced.project_id is not null as is_unplaced,
        case
            when counted.reds = 1 then 'red'
            when counted.ambers = 1 then 'amber'
            when counted.unknowns = 1 or held.project_id is not null or unplaced.project_id is not null
                then 'not_assessed'
            when counted.opens = 1 then 'open'
            when counted.mets = 1 then 'nothing_open'
            else 'not_assessed'
        end as grade
    from project
    cross join standard
    left join counted on project.project_id = counted.project_id and standard.standard = counted.standard
    left join held on project.project_id = held.project_id
    left join unplaced on project.project_id = unplaced.project_id
    left join lacking on project.project_id = lacking.project_id and standard.standard = lacking.standard
),

reasoned as (
    select
        *,
        -- what it needs and nothing shows may be what is not settled
        grade = 'nothing_open' and not has_open_need as is_settled,
        case
            when grade <> 'not_assessed' then null
            when unknowns = 1 then 'unproven'
            when is_held then 'held_back'
            when is_unplaced and is_triggered then 'incident_unplaced'
            when is_triggered then 'no_limit'
            else 'nothing_known'
        end as reason
    from graded
)

select * from reasoned
