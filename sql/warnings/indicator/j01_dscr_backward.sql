-- one row per client with a project that has run for a year: J01, cash flow of the last twelve months over the debt
-- service of the same months
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'J01'
),

agreed as (
    select * from features_project.covenant_limit
),

-- until a year without the month of completion is over there is nothing to divide
project as (
    select * from features_project.cover
    where coalesce(has_run_a_year, true)
),

measured as (
    select
        project.client_id,
        cast(null as varchar) as loan_id,
        project.project_id,
        project.cfads_12m_amt is not null and project.debt_service_12m_amt is not null as is_assessed,
        cast(project.cfads_12m_amt / nullif(project.debt_service_12m_amt, 0) as decimal(18, 4)) as value,
        project.cfads_12m_amt as baseline,
        project.debt_service_12m_amt as second_value,
        project.actual_on as data_date,
        coalesce(
            'project_cashflow:' || project.project_id || '|' || cast(project.actual_on as varchar) || '|actual',
            'project:' || project.project_id
        ) as source_keys,
        coalesce(agreed.dscr_lock_up, rule.amber_value) as lock_up,
        coalesce(agreed.dscr_default, rule.red_value) as default_level,
        agreed.dscr_lock_up is not null as is_lock_up_agreed,
        agreed.dscr_default is not null as is_default_agreed
    from project
    cross join rule
    left join agreed on project.project_id = agreed.project_id
),

{{ indicator.judge(
    amber_line='measured.lock_up',
    red_line='measured.default_level',
    hard='measured.value < rule.hard_value',
    red_threshold='case when measured.value < rule.hard_value then rule.hard_value else measured.default_level end',
    reason_case="case
            when measured.value < rule.hard_value then 'below_one'
            when measured.value < measured.default_level
                then case when measured.is_default_agreed then 'agreed' end
            when measured.is_lock_up_agreed then 'agreed'
        end",
    many=true
) }}

select * from worst
