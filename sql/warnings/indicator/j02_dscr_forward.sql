-- one row per client with a project in operation, where the bank has forecasts: J02, the cash flow that the next twelve
-- months are forecast to bring over their debt service
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/project.sql' as projects %}
with
rule as (
    select * from policy.indicator
    where indicator = 'J02'
),

agreed as (
    select * from features_project.covenant_limit
),

{{ projects.forecast() }}

project as (
    select cover.*
    from features_project.cover as cover
    cross join forecast
    where forecast.is_awaited
),

measured as (
    select
        project.client_id,
        cast(null as varchar) as loan_id,
        project.project_id,
        project.cfads_next_12m_amt is not null and project.debt_service_next_12m_amt is not null as is_assessed,
        cast(project.cfads_next_12m_amt / nullif(project.debt_service_next_12m_amt, 0) as decimal(18, 4)) as value,
        project.cfads_next_12m_amt as baseline,
        project.debt_service_next_12m_amt as second_value,
        $business_date as data_date,
        coalesce(
            'project_cashflow:' || project.project_id || '|' || cast(project.ahead_to as varchar) || '|forecast',
            'project:' || project.project_id
        ) as source_keys,
        coalesce(agreed.dscr_lock_up, rule.amber_value) as lock_up,
        coalesce(agreed.dscr_default, rule.red_value) as default_level,
        agreed.dscr_lock_up is not null as is_lock_up_agreed,
        agreed.dscr_default is not null as is_default_agreed,
        project.ahead_to
    from project
    cross join rule
    left join agreed on project.project_id = agreed.project_id
),

{{ indicator.judge(
    amber_line='measured.lock_up',
    red_line='measured.default_level',
    reason_case="case
            when measured.value < measured.default_level
                then case when measured.is_default_agreed then 'agreed' end
            when measured.is_lock_up_agreed then 'agreed'
        end",
    detail='measured.ahead_to',
    many=true
) }}

select * from worst
