-- one row per project of the book: category, exposure, its scores tonight, at the last month's end and a year ago, and
-- how much of what its review rests on is red
-- The last month's end is that before the business date: on a month's end, the one a month before.
{% import 'macros/month.sql' as month %}
with
project as (
    select * from esg.project_review
),

branch as (
    select
        branch_id,
        name as branch_name,
        name_en as branch_name_en,
        region
    from source.branch
),

score as (
    select
        project_id,
        as_of,
        score_strict,
        score_evidenced,
        coverage_pct
    from features.esg_score
),

fact as (
    select
        project_id,
        cast(sum(case when tone = 'red' then 1 else 0 end) as integer) as red_count
    from esg.review_fact
    group by project_id
),

month_end as (
    select cast({{ month.first_day('$business_date', 0) }} - 1 as date) as before_on
),

listed as (
    select
        project.business_date,
        project.project_id,
        project.client_id,
        project.name,
        project.branch_id,
        coalesce(branch.branch_name, project.branch_id) as branch_name,
        coalesce(branch.branch_name_en, branch.branch_name, project.branch_id) as branch_name_en,
        branch.region,
        project.sector_code,
        project.country,
        project.stage,
        case
            when project.ep_category = 'A' or project.cn_class = 'A' then 'A'
            when project.ep_category = 'B' or project.cn_class = 'B' then 'B'
            when project.ep_category = 'FI' then 'FI'
            when project.ep_category = 'C' or project.cn_class = 'C' then 'C'
            else 'unknown'
        end as category,
        project.ep_category,
        project.cn_class,
        project.outstanding_amt,
        project.exposure_amt,
        project.approved_on,
        project.approved_amt,
        tonight.score_strict,
        tonight.score_evidenced,
        tonight.coverage_pct,
        fact.red_count,
        month_end.before_on,
        before.score_strict as score_strict_before,
        before.score_evidenced as score_evidenced_before,
        before.coverage_pct as coverage_before_pct,
        year_ago.score_evidenced as score_evidenced_year_ago
    from project
    cross join month_end
    left join branch on project.branch_id = branch.branch_id
    left join fact on project.project_id = fact.project_id
    left join score as tonight on project.project_id = tonight.project_id and tonight.as_of = $business_date
    left join score as before on project.project_id = before.project_id and month_end.before_on = before.as_of
    left join score as year_ago
        on project.project_id = year_ago.project_id and year_ago.as_of = $business_date - 365
)

select * from listed
