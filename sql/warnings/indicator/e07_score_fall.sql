-- one row per client with a project: E07, points that its ESG score lost in 12 months, over the evidenced part
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'E07'
),

project as (
    select * from features.project_state
),

setting as (
    select max(case when setting = 'score_least_coverage_pct' then value end) as least_coverage_pct
    from policy.esg_setting
),

-- a score for which too little is evidenced is none to compare
known as (
    select esg_score.*
    from features.esg_score as esg_score
    cross join setting
    where esg_score.score_evidenced is not null and esg_score.coverage_pct >= setting.least_coverage_pct
),

measured as (
    select
        project.client_id,
        cast(null as varchar) as loan_id,
        project.project_id,
        tonight.project_id is not null and year_ago.project_id is not null as is_assessed,
        year_ago.score_evidenced - tonight.score_evidenced as value,
        year_ago.score_evidenced as baseline,
        tonight.score_evidenced as second_value,
        $business_date as data_date,
        'project:' || project.project_id as source_keys
    from project
    left join known as tonight on project.project_id = tonight.project_id and tonight.as_of = $business_date
    left join known as year_ago
        on project.project_id = year_ago.project_id and year_ago.as_of = $business_date - 365
),

{{ indicator.judge(
    red_too='measured.second_value < rule.second_red',
    red_threshold='case when measured.value >= rule.red_value then rule.red_value end',
    reason_case="case
            when measured.second_value < rule.second_red and coalesce(measured.value < rule.red_value, true) then 'low'
        end",
    many=true
) }}

select * from worst
