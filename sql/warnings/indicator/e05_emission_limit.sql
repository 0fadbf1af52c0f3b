-- one row per client with a project that has a permit limit for what it emits: E05, the newest reading in percent of it
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'E05'
),

project as (
    select * from features.project_state
),

unsupplied as (
    select count(*) as tables
    from night.supplied
    where table_name = 'esg_item' and not is_supplied
),

-- whether or not there is evidence: what a project says against itself counts
limited as (
    select
        *,
        row_number() over (partition by project_id, item order by period_end desc) as place
    from staging.esg_item
    where direction = 'low' and value is not null and permit_limit is not null
),

newest as (
    select
        limited.*,
        date_diff('day', limited.period_end, $business_date) < rule.window_days as is_current
    from limited
    cross join rule
    where limited.place = 1
),

measured as (
    select
        project.client_id,
        cast(null as varchar) as loan_id,
        project.project_id,
        coalesce(newest.is_current, false) as is_assessed,
        case
            when newest.is_current and not newest.is_logarithmic
                then cast(100 * newest.value / nullif(newest.permit_limit, 0) as decimal(18, 6))
        end as value,
        newest.permit_limit as baseline,
        newest.value as second_value,
        newest.period_end as data_date,
        coalesce(
            'esg_item:' || newest.project_id || '|' || cast(newest.period_end as varchar) || '|' || newest.item,
            'project:' || project.project_id
        ) as source_keys,
        'esg_item:' || newest.item as label,
        newest.is_logarithmic or newest.permit_limit = 0 as is_level,
        coalesce(newest.is_current and newest.value > newest.permit_limit, false) as is_over_limit
    from project
    cross join unsupplied
    left join newest on project.project_id = newest.project_id
    where newest.item is not null or unsupplied.tables > 0
),

-- of a level in decibels, or of a limit of zero, there is no share: it is kept or passed
{{ indicator.judge(
    amber_if='not measured.is_level',
    red_too='measured.is_over_limit',
    reason_case="case when measured.is_level then 'level' end",
    detail='measured.label',
    many=true
) }}

select * from worst
