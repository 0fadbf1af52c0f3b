-- one row per client with a project, or with a death: E02, the injury rate against the periods before, and deaths
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'E02'
),

project as (
    select * from features.project_state
),

setting as (
    select
        max(case when setting = 'ltifr_before_periods' then value end) as before_periods,
        max(case when setting = 'ltifr_least_periods' then value end) as least_periods,
        max(case when setting = 'ltifr_least_base' then value end) as least_base
    from policy.esg_setting
),

kind as (
    select kind from policy.incident_kind
    where counts_as = 'fatality'
),

unsupplied as (
    select count(*) as tables
    from night.supplied
    where table_name = 'esg_incident' and not is_supplied
),

death as (
    select
        coalesce(project.client_id, known.client_id) as client_id,
        known.project_id,
        known.incident_id,
        known.occurred_on,
        known.event_key
    from staging.esg_incident as known
    cross join rule
    inner join kind on known.kind = kind.kind
    left join project on known.project_id = project.project_id
    where date_diff('day', known.occurred_on, $business_date) < rule.window_days
),

newest_death as (
    select
        *,
        row_number() over (partition by client_id order by occurred_on desc, incident_id asc) as place
    from death
    where client_id is not null
),

deaths as (
    select
        client_id,
        count(distinct coalesce(event_key, incident_id)) as events
    from death
    group by client_id
),

rate as (
    select
        project_id,
        period_end,
        value,
        row_number() over (partition by project_id order by period_end desc) as place
    from staging.esg_item
    where item = 'ltifr' and value is not null
),

averaged as (
    select
        rate.project_id,
        max(case when rate.place = 1 then rate.period_end end) as period_end,
        max(case when rate.place = 1 then rate.value end) as rate,
        cast(avg(case when rate.place > 1 then rate.value end) as decimal(18, 6)) as before_rate,
        sum(case when rate.place > 1 then 1 else 0 end) as before_count
    from rate
    cross join setting
    where rate.place <= 1 + setting.before_periods
    group by rate.project_id
),

-- a rate that nobody has told for longer than the window says nothing of now
compared as (
    select
        averaged.project_id,
        averaged.period_end,
        averaged.rate,
        greatest(averaged.before_rate, setting.least_base) as base_rate
    from averaged
    cross join rule
    cross join setting
    where
        averaged.before_count >= setting.least_periods
        and date_diff('day', averaged.period_end, $business_date) < rule.window_days
),

measured as (
    select
        project.client_id,
        cast(null as varchar) as loan_id,
        project.project_id,
        unsupplied.tables = 0 and compared.project_id is not null as is_assessed,
        cast(compared.rate / nullif(compared.base_rate, 0) as decimal(18, 6)) as value,
        compared.base_rate as baseline,
        compared.rate as second_value,
        compared.period_end as data_date,
        coalesce(
            'esg_item:' || compared.project_id || '|' || cast(compared.period_end as varchar) || '|ltifr',
            'project:' || project.project_id
        ) as source_keys,
        false as is_fatal,
        cast(null as date) as occurred_on,
        cast(null as varchar) as event_key
    from project
    cross join unsupplied
    left join compared on project.project_id = compared.project_id
    union all
    select
        newest_death.client_id,
        cast(null as varchar) as loan_id,
        newest_death.project_id,
        true as is_assessed,
        cast(null as decimal(18, 6)) as value,
        cast(null as decimal(18, 6)) as baseline,
        deaths.events as second_value,
        $business_date as data_date,
        'esg_incident:' || newest_death.incident_id as source_keys,
        true as is_fatal,
        newest_death.occurred_on,
        newest_death.event_key
    from newest_death
    inner join deaths on newest_death.client_id = deaths.client_id
    where newest_death.place = 1
),

{{ indicator.judge(
    red_too='measured.is_fatal',
    reason_case="case when measured.is_fatal then 'fatality' end",
    event_key='measured.event_key',
    detail='measured.occurred_on',
    many=true
) }}

select * from worst
