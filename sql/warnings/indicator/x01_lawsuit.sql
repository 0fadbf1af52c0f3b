-- one row per company of which lawsuits are asked: X01, what it is sued for, in percent of its net assets
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/outside.sql' as outside %}
with
rule as (
    select * from policy.indicator
    where indicator = 'X01'
),

{{ outside.subject(['lawsuit']) }},

-- who sues is not threatened by it; of whom it is not said which side it is on nothing is known
suit as (
    select
        event.*,
        event.role = 'defendant' as is_against
    from event
    cross join rule
    where date_diff('day', event.last_on, $business_date) < rule.window_days
),

-- the largest speaks for them
ranked as (
    select
        *,
        row_number() over (partition by client_id order by amount desc nulls last, last_on desc, event asc) as place
    from suit
    where is_against
),

summed as (
    select
        client_id,
        sum(case when is_against then 1 else 0 end) as suits,
        sum(case when is_against then amount end) as amount,
        sum(case when role is null or (is_against and amount is null) then 1 else 0 end) as unknown_count,
        max(case when is_against then last_on end) as last_on
    from suit
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
        event_table.is_supplied
        and coalesce(summed.unknown_count, 0) = 0
        and (coalesce(summed.suits, 0) = 0 or summed.amount = 0 or position.equity is not null) as is_assessed,
        case
            when not event_table.is_supplied then null
            when coalesce(summed.suits, 0) = 0 or summed.amount = 0 then 0
            else cast(100 * summed.amount / nullif(greatest(position.equity, 0), 0) as decimal(18, 6))
        end as value,
        position.equity as baseline,
        summed.amount as second_value,
        $business_date as data_date,
        coalesce(ranked.source_keys, 'client:' || subject.client_id) as source_keys,
        coalesce(position.equity <= 0 and summed.amount > 0, false) as has_no_equity,
        case when summed.suits = 1 then ranked.event_key end as event_key,
        summed.suits,
        summed.last_on
    from subject
    cross join event_table
    left join summed on subject.client_id = summed.client_id
    left join ranked on subject.client_id = ranked.client_id and ranked.place = 1
    left join position on subject.client_id = position.client_id
),

{{ indicator.judge(
    red_too='measured.has_no_equity',
    reason_case="case when measured.has_no_equity then 'no_equity' end",
    event_key='measured.event_key',
    event_on='measured.last_on',
    detail='measured.suits',
    unread_case="case when measured.second_value > 0 and measured.baseline is null then 'equity_not_known' end"
) }}

select * from worst
