-- one row per client with a project, or fined or stopped: E01, penalties within the window, and orders that are open
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'E01'
),

-- one row, also where policy sets no amount
amount as (
    select max(red_amt) as red_amt
    from policy.indicator_amount
    where indicator = 'E01'
),

project as (
    select * from features.project_state
),

kind as (
    select * from policy.incident_kind
),

supplied as (
    select * from night.supplied
),

unsupplied as (
    select count(*) as tables
    from supplied
    where table_name = 'esg_incident' and not is_supplied
),

-- a fine counts through the window whether it is paid or not; an order counts until it is lifted
incident as (
    select
        known.incident_id,
        known.project_id,
        known.kind,
        known.occurred_on,
        known.amount,
        known.event_key,
        coalesce(project.client_id, known.client_id) as client_id,
        kind.counts_as = 'penalty' and date_diff('day', known.occurred_on, $business_date) < rule.window_days
            as is_penalty,
        kind.counts_as = 'stop' and known.closed_on is null and not coalesce(known.is_closing_unknown, false)
            as is_stop,
        kind.counts_as = 'stop' and known.closed_on is null and known.is_closing_unknown as is_stop_unknown
    from staging.esg_incident as known
    cross join rule
    inner join kind on known.kind = kind.kind
    left join project on known.project_id = project.project_id
),

-- the order that has stood longest speaks for the client, else the largest fine
ranked as (
    select
        *,
        row_number() over (
            partition by client_id
            order by
                case when is_stop then occurred_on end asc nulls last,
                amount desc nulls last,
                occurred_on desc,
                incident_id asc
        ) as place
    from incident
    where is_penalty or is_stop
),

-- several decisions on one event are one penalty
counted as (
    select
        client_id,
        count(distinct case when is_penalty then coalesce(event_key, incident_id) end) as penalties,
        max(case when is_penalty then amount end) as largest_amt,
        max(case when is_stop then 1 else 0 end) = 1 as is_stopped,
        count(case when is_stop_unknown then 1 end) > 0 as is_doubtful
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
        case when unsupplied.tables = 0 then coalesce(counted.penalties, 0) end as value,
        cast(null as decimal(18, 4)) as baseline,
        case
            when counted.is_stopped then date_diff('day', ranked.occurred_on, $business_date)
            else counted.largest_amt
        end as second_value,
        $business_date as data_date,
        coalesce('esg_incident:' || ranked.incident_id, 'client:' || subject.client_id) as source_keys,
        coalesce(counted.is_stopped, false) as is_stopped,
        coalesce(counted.largest_amt >= amount.red_amt, false) as is_large,
        case
            when counted.is_stopped then ranked.kind
            when counted.largest_amt is null then 'unpriced'
        end as own_case,
        ranked.occurred_on,
        ranked.event_key
    from subject
    cross join unsupplied
    cross join amount
    left join counted on subject.client_id = counted.client_id
    left join ranked on subject.client_id = ranked.client_id and ranked.place = 1
    where subject.client_id is not null
),

{{ indicator.judge(
    hard='measured.is_stopped',
    red_too='measured.is_large',
    amber_threshold='case when not measured.is_stopped then rule.amber_value end',
    red_threshold='case when measured.value >= rule.red_value and not measured.is_stopped then rule.red_value end',
    reason_case="coalesce(
            measured.own_case, case when measured.is_large and measured.value < rule.red_value then 'large_fine' end
        )",
    event_key='measured.event_key',
    detail='measured.occurred_on'
) }}

select * from worst
