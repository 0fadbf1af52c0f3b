-- one row per client with a project in operation that owes, where the bank has forecasts: J04, the present value of the
-- cash flow up to the end of the project over its debt
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/project.sql' as projects %}
with
rule as (
    select * from policy.indicator
    where indicator = 'J04'
),

agreed as (
    select * from features_project.covenant_limit
),

{{ projects.forecast() }}

project as (
    select life_cover.*
    from features_project.life_cover as life_cover
    cross join forecast
    where forecast.is_awaited
),

measured as (
    select
        project.client_id,
        cast(null as varchar) as loan_id,
        project.project_id,
        project.project_life_value_amt is not null and project.debt_amt is not null as is_assessed,
        cast(project.project_life_value_amt / nullif(project.debt_amt, 0) as decimal(18, 4)) as value,
        project.project_life_value_amt as baseline,
        project.debt_amt as second_value,
        $business_date as data_date,
        coalesce(
            'project_cashflow:' || project.project_id || '|' || cast(project.forecast_to as varchar) || '|forecast',
            'project:' || project.project_id
        ) as source_keys,
        coalesce(agreed.plcr_lock_up, rule.amber_value) as lock_up,
        coalesce(agreed.plcr_default, rule.red_value) as default_level,
        agreed.plcr_lock_up is not null as is_lock_up_agreed,
        agreed.plcr_default is not null as is_default_agreed,
        project.concession_end
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
    detail='measured.concession_end',
    many=true
) }}

select * from worst
