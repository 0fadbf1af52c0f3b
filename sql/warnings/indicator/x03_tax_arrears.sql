-- one row per company of which tax notices are asked: X03, public tax arrears that are not said to be paid
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/outside.sql' as outside %}
with
rule as (
    select * from policy.indicator
    where indicator = 'X03'
),

amount as (
    select max(red_amt) as red_amt
    from policy.indicator_amount
    where indicator = 'X03'
),

{{ outside.subject(['tax_arrears']) }},

notice as (
    select event.*
    from event
    cross join rule
    where date_diff('day', event.last_on, $business_date) < rule.window_days
),

ranked as (
    select
        *,
        row_number() over (partition by client_id order by amount desc nulls last, last_on desc, event asc) as place
    from notice
),

counted as (
    select
        client_id,
        count(*) as notices,
        sum(amount) as amount,
        max(last_on) as last_on
    from notice
    group by client_id
),

measured as (
    select
        subject.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        event_table.is_supplied as is_assessed,
        case when event_table.is_supplied then coalesce(counted.notices, 0) end as value,
        cast(null as decimal(18, 4)) as baseline,
        counted.amount as second_value,
        $business_date as data_date,
        coalesce(ranked.source_keys, 'client:' || subject.client_id) as source_keys,
        coalesce(counted.amount > amount.red_amt, false) as is_large,
        counted.amount is null as is_unpriced,
        case when counted.notices = 1 then ranked.event_key end as event_key,
        counted.last_on
    from subject
    cross join event_table
    cross join amount
    left join counted on subject.client_id = counted.client_id
    left join ranked on subject.client_id = ranked.client_id and ranked.place = 1
),

{{ indicator.judge(
    red_too='measured.is_large',
    red_threshold='cast(null as decimal(18, 4))',
    reason_case="case when measured.is_large then 'large' when measured.is_unpriced then 'unpriced' end",
    event_key='measured.event_key',
    event_on='measured.last_on',
    detail='measured.last_on'
) }}

select * from worst
