-- one row per client of which freezes are asked: X04, accounts frozen by a court and not said to be released
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/outside.sql' as outside %}
with
rule as (
    select * from policy.indicator
    where indicator = 'X04'
),

amount as (
    select max(red_amt) as red_amt
    from policy.indicator_amount
    where indicator = 'X04'
),

{{ outside.subject(['account_frozen'], with_persons=true) }},

frozen as (
    select event.*
    from event
    cross join rule
    where date_diff('day', event.last_on, $business_date) < rule.window_days
),

ranked as (
    select
        *,
        row_number() over (partition by client_id order by amount desc nulls last, last_on desc, event asc) as place
    from frozen
),

counted as (
    select
        client_id,
        count(*) as freezes,
        sum(amount) as amount,
        max(last_on) as last_on
    from frozen
    group by client_id
),

position as (
    select
        client_id,
        equity
    from features_outside.subject
),

measured as (
    select
        subject.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        event_table.is_supplied as is_assessed,
        case when event_table.is_supplied then coalesce(counted.freezes, 0) end as value,
        case
            when counted.amount >= amount.red_amt then null
            when 100 * counted.amount >= rule.second_red * position.equity then position.equity
        end as baseline,
        counted.amount as second_value,
        $business_date as data_date,
        coalesce(ranked.source_keys, 'client:' || subject.client_id) as source_keys,
        coalesce(counted.amount >= amount.red_amt, false) as is_large,
        coalesce(100 * counted.amount >= rule.second_red * position.equity, false) as is_large_for_it,
        counted.amount is null as is_unpriced,
        case when counted.freezes = 1 then ranked.event_key end as event_key,
        counted.last_on
    from subject
    cross join event_table
    cross join amount
    cross join rule
    left join counted on subject.client_id = counted.client_id
    left join ranked on subject.client_id = ranked.client_id and ranked.place = 1
    left join position on subject.client_id = position.client_id
),

{{ indicator.judge(
    hard='measured.is_large or measured.is_large_for_it',
    red_threshold='cast(null as decimal(18, 4))',
    reason_case="case
            when measured.is_large then 'large'
            when measured.is_large_for_it then 'large_for_it'
            when measured.is_unpriced then 'unpriced'
        end",
    event_key='measured.event_key',
    detail='measured.last_on'
) }}

select * from worst
