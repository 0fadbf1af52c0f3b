-- one row per client with a project, or with a grievance: E06, days that the oldest open one waits, protests and cases
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'E06'
),

project as (
    select * from features.project_state
),

kind as (
    select * from policy.incident_kind
    where counts_as in ('grievance', 'dispute')
),

unsupplied as (
    select count(*) as tables
    from night.supplied
    where table_name = 'esg_incident' and not is_supplied
),

-- a protest or a case counts while it is open, and for a while after it began
incident as (
    select
        coalesce(project.client_id, known.client_id) as client_id,
        known.project_id,
        known.incident_id,
        known.occurred_on,
        known.event_key,
        kind.counts_as = 'grievance' and known.closed_on is null and not coalesce(known.is_closing_unknown, false)
            as is_open,
        kind.counts_as = 'dispute'
        and (
            date_diff('day', known.occurred_on, $business_date) < rule.window_days
            or (known.closed_on is null and not coalesce(known.is_closing_unknown, false))
        ) as is_dispute,
        known.closed_on is null and coalesce(known.is_closing_unknown, false) as is_doubtful
    from staging.esg_incident as known
    cross join rule
    inner join kind on known.kind = kind.kind
    left join project on known.project_id = project.project_id
),

ranked as (
    select
        *,
        row_number() over (
            partition by client_id
            order by case when is_dispute then 0 else 1 end asc, occurred_on asc, incident_id asc
        ) as place
    from incident
    where is_open or is_dispute
),

counted as (
    select
        client_id,
        count(distinct case when is_open then coalesce(event_key, incident_id) end) as open_count,
        min(case when is_open then occurred_on end) as oldest_on,
        count(case when is_dispute then 1 end) > 0 as is_disputed,
        count(case when is_doubtful then 1 end) > 0 as is_doubtful
    from incident
    group by client_id
),

subject as (
    select client_id from project
    union
    select client_id from incident
),

measured as (
    select
        subject.client_id,
        cast(null as varchar) as loan_id,
        ranked.project_id,
        unsupplied.tables = 0 and not coalesce(counted.is_doubtful, false) as is_assessed,
        case
            when unsupplied.tables = 0 and not coalesce(counted.is_doubtful, false)
                then coalesce(date_diff('day', counted.oldest_on, $business_date), 0)
        end as value,
        cast(null as decimal(18, 4)) as baseline,
        case when unsupplied.tables = 0 then coalesce(counted.open_count, 0) end as second_value,
        $business_date as data_date,
        coalesce('esg_incident:' || ranked.incident_id, 'client:' || subject.client_id) as source_keys,
        coalesce(counted.is_disputed, false) as is_disputed,
        ranked.occurred_on,
        ranked.event_key
    from subject
    cross join unsupplied
    left join counted on subject.client_id = counted.client_id
    left join ranked on subject.client_id = ranked.client_id and ranked.place = 1
    where subject.client_id is not null
),

{{ indicator.judge(
    red_too='measured.is_disputed or measured.second_value > rule.second_red',
    reason_case="case
            when measured.is_disputed then 'dispute'
            when measured.second_value > rule.second_red then 'many'
        end",
    event_key='measured.event_key',
    detail='measured.occurred_on'
) }}

select * from worst
