-- one row per company of which changes are asked: X06, changes of legal representative, controller or finance head
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/outside.sql' as outside %}
with
rule as (
    select * from policy.indicator
    where indicator = 'X06'
),

{{ outside.subject(['executive_change']) }},

changed as (
    select event.*
    from event
    cross join rule
    where date_diff('day', event.first_on, $business_date) < rule.window_days
),

ranked as (
    select
        *,
        row_number() over (partition by client_id order by first_on desc, event desc) as place
    from changed
),

counted as (
    select
        client_id,
        count(*) as changes
    from changed
    group by client_id
),

measured as (
    select
        subject.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        event_table.is_supplied as is_assessed,
        case when event_table.is_supplied then coalesce(counted.changes, 0) end as value,
        cast(null as decimal(18, 4)) as baseline,
        cast(null as decimal(18, 4)) as second_value,
        $business_date as data_date,
        coalesce(ranked.source_keys, 'client:' || subject.client_id) as source_keys,
        case when counted.changes = 1 then ranked.event_key end as event_key,
        ranked.first_on
    from subject
    cross join event_table
    left join counted on subject.client_id = counted.client_id
    left join ranked on subject.client_id = ranked.client_id and ranked.place = 1
),

{{ indicator.judge(
    event_key='measured.event_key',
    event_on='measured.first_on',
    detail='measured.first_on'
) }}

select * from worst
