-- one row per company that usually pays tax or social security from here each month: T10, months over without a payment
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/month.sql' as months %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T10'
),

setting as (
    select
        cast(max(case when setting = 'usual_months' then value end) as integer) as usual_months,
        max(case when setting = 'usual_least_months' then value end) as least_months,
        cast(max(case when setting = 'tax_grace_days' then value end) as integer) as grace_days
    from policy.signal_setting
),

client as (
    select * from staging.client
    where not is_natural_person
),

span as (
    select * from features.client_span
),

-- a month is over once the days have passed in which a holiday may push its payment into the next
today as (
    select {{ months.number('$business_date - setting.grace_days') }} - 1 as last_over
    from setting
),

paid as (
    select
        client_id,
        month,
        'tax' as kind
    from features.client_month
    where tax_count > 0
    union all
    select
        client_id,
        month,
        'social_security' as kind
    from features.client_month
    where social_security_count > 0
),

dated as (
    select
        paid.client_id,
        paid.kind,
        {{ months.number('paid.month') }} as number
    from paid
    inner join client on paid.client_id = client.client_id
),

last_paid as (
    select
        dated.client_id,
        dated.kind,
        least(max(dated.number), max(today.last_over)) as number
    from dated
    cross join today
    group by dated.client_id, dated.kind
),

-- what is usual is read off the months that end with the last payment
usual as (
    select
        last_paid.client_id,
        last_paid.kind,
        last_paid.number,
        count(*) as month_count
    from last_paid
    cross join setting
    inner join dated
        on
            last_paid.client_id = dated.client_id
            and last_paid.kind = dated.kind
            and last_paid.number >= dated.number
            and last_paid.number - setting.usual_months < dated.number
    group by last_paid.client_id, last_paid.kind, last_paid.number
),

known as (
    select
        span.client_id,
        span.last_data_date,
        today.last_over - {{ months.number('span.first_data_date') }}
        + case when day(span.first_data_date) = 1 then 1 else 0 end as month_count
    from span
    cross join today
),

measured as (
    select
        usual.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        known.month_count > setting.usual_months as is_assessed,
        today.last_over - usual.number as value,
        cast(null as decimal(18, 4)) as baseline,
        cast(usual.month_count as decimal(18, 4)) as second_value,
        known.last_data_date as data_date,
        'client_month:' || usual.client_id || '|' || usual.kind as source_keys,
        usual.kind,
        substr(cast({{ months.first_day_of('cast(usual.number as integer)') }} as varchar), 1, 7) as last_month
    from usual
    cross join setting
    cross join today
    inner join known on usual.client_id = known.client_id
    where usual.month_count >= setting.least_months or known.month_count <= setting.usual_months
),

{{ indicator.judge(
    amber_if='measured.is_assessed',
    reason_case='measured.kind',
    detail='measured.last_month',
    unread_case="'short_history'",
    many=true
) }}

select * from worst
