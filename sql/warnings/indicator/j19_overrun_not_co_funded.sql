-- one row per client with a project in construction: J19, the sponsors' share of the money beyond the budget, where
-- lenders have put in some of it
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'J19'
),

setting as (
    select cast(max(case when setting = 'progress_days' then value end) as integer) as progress_days
    from policy.project_setting
),

project as (
    select
        project_id,
        client_id,
        progress_date,
        capital_ratio
    from features.project_state
    where stage = 'construction'
),

funding as (
    select * from features_project.extra_funding
),

-- the newest report on which the sponsors had put in their share, before which nothing counts
shared as (
    select
        project_id,
        max(as_of_date) as shared_on
    from funding
    where is_known and coalesce(sponsor_pct >= capital_pct, true)
    group by project_id
),

behind as (
    select
        funding.project_id,
        min(funding.as_of_date) as behind_since
    from funding
    left join shared on funding.project_id = shared.project_id
    where funding.is_known and coalesce(funding.as_of_date > shared.shared_on, true)
    group by funding.project_id
),

measured as (
    select
        project.client_id,
        cast(null as varchar) as loan_id,
        project.project_id,
        coalesce(funding.is_known and project.progress_date >= $business_date - setting.progress_days, false)
            as is_assessed,
        case when project.progress_date >= $business_date - setting.progress_days then funding.sponsor_pct end
            as value,
        funding.capital_pct as baseline,
        funding.extra_debt_amt as second_value,
        project.progress_date as data_date,
        coalesce(
            'project_progress:' || project.project_id || '|' || cast(project.progress_date as varchar),
            'project:' || project.project_id
        ) as source_keys,
        behind.behind_since,
        date_diff('day', behind.behind_since, $business_date) > rule.second_red as is_long_behind
    from project
    cross join rule
    cross join setting
    left join funding on project.project_id = funding.project_id and project.progress_date = funding.as_of_date
    left join behind on project.project_id = behind.project_id
),

{{ indicator.judge(
    amber_line='measured.baseline',
    red_too='measured.value < measured.baseline and measured.is_long_behind',
    red_threshold='measured.baseline',
    reason_case="case when measured.is_long_behind then 'long_behind' end",
    detail='measured.behind_since',
    many=true
) }}

select * from worst
