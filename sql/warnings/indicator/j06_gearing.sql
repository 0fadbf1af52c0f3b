-- one row per client with a project whose contract limits its gearing, while it is built: J06, by how many points debt
-- in debt and equity lies above the limit (below it: negative)
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'J06'
),

agreed as (
    select * from features_project.covenant_limit
),

setting as (
    select cast(max(case when setting = 'progress_days' then value end) as integer) as progress_days
    from policy.project_setting
),

unsupplied as (
    select 2 - count(*) as columns
    from night.supplied_column
    where table_name = 'covenant_test' and column_name in ('metric', 'limit_value')
),

project as (
    select
        state.*,
        coalesce(state.progress_date >= $business_date - setting.progress_days, false) as is_current,
        cast(
            100 * state.total_debt_amt / nullif(state.total_debt_amt + state.equity_paid_amt, 0) as decimal(18, 4)
        ) as gearing_pct
    from features.project_state as state
    cross join setting
    where state.stage = 'construction'
),

-- where no contract says how far a project may be geared, nothing is held against it
measured as (
    select
        project.client_id,
        cast(null as varchar) as loan_id,
        project.project_id,
        agreed.gearing_limit_pct is not null
        and project.is_current
        and project.total_debt_amt is not null
        and project.equity_paid_amt is not null as is_assessed,
        case when project.is_current then project.gearing_pct - agreed.gearing_limit_pct end as value,
        agreed.gearing_limit_pct as baseline,
        project.gearing_pct as second_value,
        project.progress_date as data_date,
        coalesce(
            'project_progress:' || project.project_id || '|' || cast(project.progress_date as varchar),
            'project:' || project.project_id
        ) as source_keys
    from project
    cross join unsupplied
    left join agreed on project.project_id = agreed.project_id
    where agreed.gearing_limit_pct is not null or unsupplied.columns > 0
),

{{ indicator.judge(
    reason_case="case when measured.value > rule.red_value then 'over' end",
    many=true
) }}

select * from worst
