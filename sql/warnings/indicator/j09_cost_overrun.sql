-- one row per client with a project in construction: J09, by how much the cost at completion passes the budget
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'J09'
),

project as (
    select * from features_project.built_value
),

-- of little earned there is no ratio: assessed, and quiet
measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        project_id,
        is_current
        and budget_amt is not null
        and (is_little_earned or overrun_pct is not null) as is_assessed,
        case when is_current and not is_little_earned then overrun_pct end as value,
        budget_amt as baseline,
        cost_at_completion_amt as second_value,
        progress_date as data_date,
        coalesce(source_keys, 'project:' || project_id) as source_keys,
        coalesce(cost_at_completion_amt - budget_amt > contingency_amt, false) as is_over_contingency
    from project
),

{{ indicator.judge(
    red_too='measured.is_over_contingency and measured.value > rule.amber_value',
    red_threshold='case when measured.value > rule.red_value then rule.red_value else rule.amber_value end',
    reason_case="case when measured.is_over_contingency then 'over_contingency' end",
    many=true
) }}

select * from worst
