-- one row per company of which ratings are asked: X07, notches by which an agency has lowered its rating, net of rises
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/outside.sql' as outside %}
with
rule as (
    select * from policy.indicator
    where indicator = 'X07'
),

{{ outside.subject(['rating_change']) }},

-- notches of one agency add up, those of several do not; of one without a name each change stands for itself
changed as (
    select
        event.*,
        coalesce(event.source, event.event) as agency
    from event
    cross join rule
    where date_diff('day', event.first_on, $business_date) < rule.window_days
),

by_agency as (
    select
        client_id,
        agency,
        -sum(value) as notches,
        count(*) as changes,
        sum(case when value is null then 1 else 0 end) as unknown_count,
        max(case when value < 0 then first_on end) as fell_on,
        max(event_key) as event_key,
        max(source_keys) as source_keys
    from changed
    group by client_id, agency
),

ranked as (
    select
        *,
        row_number() over (partition by client_id order by notches desc nulls last, fell_on desc, agency asc) as place
    from by_agency
),

unknown as (
    select
        client_id,
        sum(unknown_count) as changes
    from by_agency
    group by client_id
),

measured as (
    select
        subject.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        event_table.is_supplied and coalesce(unknown.changes, 0) = 0 as is_assessed,
        case
            when not event_table.is_supplied then null
            when ranked.client_id is null then 0
            when ranked.notches is not null then greatest(ranked.notches, 0)
        end as value,
        cast(null as decimal(18, 4)) as baseline,
        cast(null as decimal(18, 4)) as second_value,
        $business_date as data_date,
        coalesce(ranked.source_keys, 'client:' || subject.client_id) as source_keys,
        case when ranked.changes = 1 then ranked.event_key end as event_key,
        ranked.fell_on
    from subject
    cross join event_table
    left join unknown on subject.client_id = unknown.client_id
    left join ranked on subject.client_id = ranked.client_id and ranked.place = 1
),

{{ indicator.judge(
    event_key='measured.event_key',
    event_on='measured.fell_on',
    detail='measured.fell_on'
) }}

select * from worst
