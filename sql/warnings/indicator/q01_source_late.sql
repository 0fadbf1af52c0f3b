-- one row per client that a regular daily feed is about: Q01, working days by which the latest of those feeds is late
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'Q01'
),

feed as (
    select * from warnings_feed.arrival
    where branch_id is null
),

account as (
    select * from staging.account
    where coalesce(closed_on > $business_date, true)
),

loan as (
    select * from features.loan_state
    where status <> 'closed'
),

-- measured per feed, told to each client that the feed is about
measured as (
    select
        case when table_name = 'loan_daily' then 'loan' else 'account' end as client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        is_regular as is_assessed,
        silent_workdays as value,
        cast(null as decimal(18, 4)) as baseline,
        cast(null as decimal(18, 4)) as second_value,
        newest_date as data_date,
        cast(null as varchar) as source_keys,
        table_name,
        is_regular
    from feed
),

{{ indicator.judge(amber_if='measured.is_regular', detail='measured.table_name', many=true) }},

audience as (
    select distinct
        client_id,
        'account' as subject
    from account
    union all
    select distinct
        client_id,
        'loan' as subject
    from loan
),

by_client as (
    select
        audience.client_id,
        worst.loan_id,
        worst.project_id,
        worst.indicator,
        worst.is_assessed,
        worst.value,
        worst.baseline,
        worst.second_value,
        worst.severity,
        worst.band,
        worst.is_hard,
        worst.threshold,
        worst.amber_line,
        worst.data_date,
        worst.source_keys,
        worst.event_key,
        worst.event_on,
        worst.min_colour,
        worst.detail,
        worst.reason_case,
        worst.quiet_case,
        row_number() over (
            partition by audience.client_id
            order by case worst.severity when 'red' then 0 when 'amber' then 1 else 2 end asc, audience.subject asc
        ) as place
    from audience
    inner join worst on audience.subject = worst.client_id
),

latest_feed as (
    select * from by_client
    where place = 1
)

select
    client_id,
    loan_id,
    project_id,
    indicator,
    is_assessed,
    value,
    baseline,
    second_value,
    severity,
    band,
    is_hard,
    threshold,
    amber_line,
    data_date,
    source_keys,
    event_key,
    event_on,
    min_colour,
    detail,
    reason_case,
    quiet_case
from latest_feed
