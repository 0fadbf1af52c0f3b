-- one row per client of which enforcement is asked: X02, cases in which it is enforced against, or listed as dishonest
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/outside.sql' as outside %}
with
rule as (
    select * from policy.indicator
    where indicator = 'X02'
),

setting as (
    select cast(max(case when setting = 'dishonest_days' then value end) as integer) as dishonest_days
    from policy.signal_setting
),

{{ outside.subject(['enforced', 'dishonest_debtor'], with_persons=true) }},

standing as (
    select
        event.*,
        event.kind = 'dishonest_debtor' as is_dishonest
    from event
    cross join rule
    cross join setting
    where
        date_diff('day', event.last_on, $business_date)
        < case when event.kind = 'dishonest_debtor' then setting.dishonest_days else rule.window_days end
),

-- a listing speaks for the client, else the largest sum
ranked as (
    select
        *,
        row_number() over (
            partition by client_id
            order by case when is_dishonest then 0 else 1 end asc, amount desc nulls last, last_on desc, event asc
        ) as place
    from standing
),

counted as (
    select
        client_id,
        count(*) as events,
        sum(case when is_dishonest then 0 else 1 end) as enforced_count,
        sum(case when is_dishonest then 0 else amount end) as enforced_amt,
        max(case when is_dishonest then 1 else 0 end) = 1 as is_dishonest,
        max(last_on) as last_on
    from standing
    group by client_id
),

measured as (
    select
        subject.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        event_table.is_supplied as is_assessed,
        case when event_table.is_supplied then coalesce(counted.enforced_count, 0) end as value,
        cast(null as decimal(18, 4)) as baseline,
        case when counted.is_dishonest then ranked.amount else counted.enforced_amt end as second_value,
        $business_date as data_date,
        coalesce(ranked.source_keys, 'client:' || subject.client_id) as source_keys,
        coalesce(counted.is_dishonest, false) as is_dishonest,
        case when counted.events = 1 then ranked.event_key end as event_key,
        case when counted.is_dishonest then ranked.first_on else counted.last_on end as told_on,
        case when not counted.is_dishonest then counted.last_on end as last_on
    from subject
    cross join event_table
    left join counted on subject.client_id = counted.client_id
    left join ranked on subject.client_id = ranked.client_id and ranked.place = 1
),

{{ indicator.judge(
    hard='measured.is_dishonest',
    red_threshold='cast(null as decimal(18, 4))',
    reason_case="case when measured.is_dishonest then 'dishonest' end",
    event_key='measured.event_key',
    event_on='measured.last_on',
    detail='measured.told_on'
) }}

select * from worst
