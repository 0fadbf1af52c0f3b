-- one row per client with a project, or with physical damage: E10, a sector under transition policy, damage by climate
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'E10'
),

project as (
    select * from features.project_state
),

kind as (
    select kind from policy.incident_kind
    where counts_as = 'damage'
),

unsupplied as (
    select count(*) as tables
    from night.supplied
    where table_name = 'esg_incident' and not is_supplied
),

transition as (
    select distinct project.project_id
    from project
    inner join policy.transition_sector as sector on starts_with(project.sector_code, sector.sector_code)
),

-- damage counts while it is open, and for a while after it came
damage as (
    select
        coalesce(project.client_id, known.client_id) as client_id,
        known.project_id,
        known.incident_id,
        known.occurred_on,
        known.event_key,
        date_diff('day', known.occurred_on, $business_date) < rule.window_days
        or not coalesce(known.is_closing_unknown, false) as is_damage
    from staging.esg_incident as known
    cross join rule
    inner join kind on known.kind = kind.kind
    left join project on known.project_id = project.project_id
    where known.closed_on is null or date_diff('day', known.occurred_on, $business_date) < rule.window_days
),

-- one of which nobody knows whether it is over
doubtful as (
    select distinct client_id
    from damage
    where not is_damage
),

measured as (
    select
        project.client_id,
        cast(null as varchar) as loan_id,
        project.project_id,
        unsupplied.tables = 0 and project.sector_code is not null and doubtful.client_id is null as is_assessed,
        case
            when transition.project_id is not null then 1
            when project.sector_code is not null then 0
        end as value,
        cast(null as decimal(18, 4)) as baseline,
        cast(null as decimal(18, 4)) as second_value,
        $business_date as data_date,
        'project:' || project.project_id as source_keys,
        false as is_damaged,
        project.sector_code as label,
        cast(null as varchar) as event_key
    from project
    cross join unsupplied
    left join transition on project.project_id = transition.project_id
    left join doubtful on project.client_id = doubtful.client_id
    union all
    select
        client_id,
        cast(null as varchar) as loan_id,
        project_id,
        true as is_assessed,
        cast(null as integer) as value,
        cast(null as decimal(18, 4)) as baseline,
        cast(null as decimal(18, 4)) as second_value,
        $business_date as data_date,
        'esg_incident:' || incident_id as source_keys,
        true as is_damaged,
        cast(occurred_on as varchar) as label,
        event_key
    from damage
    where is_damage and client_id is not null
),

{{ indicator.judge(
    red_too='measured.is_damaged',
    reason_case="case when measured.is_damaged then 'damage' end",
    event_key='measured.event_key',
    detail='measured.label',
    many=true
) }}

select * from worst
