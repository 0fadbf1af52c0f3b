-- one row per company with a power bill worth the name: T11, the change of three full months on the twelve before; that
-- of the same months last year has to be as large
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/month.sql' as months %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T11'
),

amount as (
    select coalesce(max(amber_amt), 0) as amber_amt
    from policy.indicator_amount
    where indicator = 'T11'
),

client as (
    select * from staging.client
    where not is_natural_person
),

span as (
    select * from features.client_span
),

flow as (
    select
        month.client_id,
        {{ months.number('$morning') }} - {{ months.number('month.month') }} as back,
        month.utility_amt
    from features.client_month as month
    inner join client on month.client_id = client.client_id
    where month.is_full and month.utility_amt <> 0
),

summed as (
    select
        client_id,
        sum(case when back between 1 and 3 then utility_amt else 0 end) as now_amt,
        sum(case when back between 4 and 15 then utility_amt else 0 end) as before_amt,
        sum(case when back between 13 and 15 then utility_amt else 0 end) as year_ago_amt,
        sum(utility_amt) as all_amt,
        count(*) as month_count
    from flow
    group by client_id
),

known as (
    select
        client_id,
        last_data_date,
        {{ months.number('$morning') }} - {{ months.number('first_data_date') }}
        - case when day(first_data_date) = 1 then 0 else 1 end as month_count
    from span
),

rated as (
    select
        summed.client_id,
        known.month_count,
        known.last_data_date,
        summed.before_amt,
        summed.now_amt,
        cast(4 * summed.now_amt / nullif(summed.before_amt, 0) as decimal(18, 6)) as share,
        cast(summed.now_amt / nullif(summed.year_ago_amt, 0) as decimal(18, 6)) as year_share,
        case
            when known.month_count >= 15 then cast(summed.before_amt * 0.0833333333 as decimal(18, 2))
            else cast(summed.all_amt / nullif(summed.month_count, 0) as decimal(18, 2))
        end as month_amt
    from summed
    inner join known on summed.client_id = known.client_id
),

measured as (
    select
        rated.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        rated.month_count >= 15 as is_assessed,
        100 * rated.share - 100 as value,
        cast(rated.before_amt * 0.0833333333 as decimal(18, 2)) as baseline,
        cast(rated.now_amt * 0.3333333333 as decimal(18, 2)) as second_value,
        rated.last_data_date as data_date,
        'client_month:' || rated.client_id as source_keys,
        100 * rated.year_share - 100 as year_pct
    from rated
    cross join amount
    where rated.month_amt >= amount.amber_amt
),

{{ indicator.judge(
    amber_if='measured.is_assessed and measured.year_pct <= rule.amber_value',
    red_if='measured.year_pct <= rule.red_value',
    guard_case="'year_too'",
    unread_case="'short_history'"
) }}

select * from worst
