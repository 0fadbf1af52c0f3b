-- one row per company of which pledges are asked: X05, how much of its shares its controller has pledged
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/outside.sql' as outside %}
with
rule as (
    select * from policy.indicator
    where indicator = 'X05'
),

{{ outside.subject(['share_pledge']) }},

-- what was published last is what is pledged now; a pledge that ended is 0
reported as (
    select
        *,
        row_number() over (partition by client_id order by last_on desc, event desc) as place
    from features_outside.event
    where kind = 'share_pledge'
),

measured as (
    select
        subject.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        event_table.is_supplied
        and (reported.client_id is null or reported.is_over or reported.value is not null) as is_assessed,
        case
            when not event_table.is_supplied then null
            when reported.client_id is null or reported.is_over then 0
            else reported.value
        end as value,
        cast(null as decimal(18, 4)) as baseline,
        cast(null as decimal(18, 4)) as second_value,
        $business_date as data_date,
        coalesce(reported.source_keys, 'client:' || subject.client_id) as source_keys,
        reported.event_key,
        reported.last_on
    from subject
    cross join event_table
    left join reported on subject.client_id = reported.client_id and reported.place = 1
),

{{ indicator.judge(
    event_key='measured.event_key',
    detail='measured.last_on'
) }}

select * from worst
