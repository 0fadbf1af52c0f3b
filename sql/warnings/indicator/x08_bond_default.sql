-- one row per company of which bonds are asked: X08, bonds on which it has defaulted
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/outside.sql' as outside %}
with
rule as (
    select * from policy.indicator
    where indicator = 'X08'
),

{{ outside.subject(['bond_default']) }},

ranked as (
    select
        event.*,
        row_number() over (
            partition by event.client_id order by event.amount desc nulls last, event.last_on desc, event.event asc
        ) as place
    from event
    cross join rule
    where date_diff('day', event.last_on, $business_date) < rule.window_days
),

counted as (
    select
        client_id,
        count(*) as events,
        sum(amount) as amount
    from ranked
    group by client_id
),

measured as (
    select
        subject.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        event_table.is_supplied as is_assessed,
        case when event_table.is_supplied then coalesce(counted.events, 0) end as value,
        cast(null as decimal(18, 4)) as baseline,
        counted.amount as second_value,
        $business_date as data_date,
        coalesce(ranked.source_keys, 'client:' || subject.client_id) as source_keys,
        case when counted.events = 1 then ranked.event_key end as event_key,
        ranked.first_on
    from subject
    cross join event_table
    left join counted on subject.client_id = counted.client_id
    left join ranked on subject.client_id = ranked.client_id and ranked.place = 1
),

{{ indicator.judge(
    hard='measured.value > 0',
    red_threshold='rule.amber_value',
    event_key='measured.event_key',
    detail='measured.first_on'
) }}

select * from worst
