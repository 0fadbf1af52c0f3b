-- one row per project whose score is another than at the last month's end, or has come or gone, the largest fall first
with
setting as (
    select max(case when setting = 'score_least_coverage_pct' then value end) as least_coverage_pct
    from policy.esg_setting
),

compared as (
    select
        project.project_id,
        project.name,
        project.branch_name,
        project.branch_name_en,
        project.category,
        project.before_on,
        project.score_strict,
        project.score_strict_before,
        case when project.coverage_pct >= setting.least_coverage_pct then project.score_evidenced end
            as score_evidenced,
        case when project.coverage_before_pct >= setting.least_coverage_pct then project.score_evidenced_before end
            as score_evidenced_before,
        project.coverage_pct,
        project.coverage_before_pct,
        project.red_count
    from esg_portfolio.project as project
    cross join setting
),

moved as (
    select
        *,
        cast(score_evidenced - score_evidenced_before as decimal(9, 2)) as move,
        case
            when score_evidenced_before is null then 'new'
            when score_evidenced is null then 'gone'
            when score_evidenced < score_evidenced_before then 'worse'
            else 'better'
        end as direction
    from compared
    where
        score_evidenced <> score_evidenced_before
        or (score_evidenced is null and score_evidenced_before is not null)
        or (score_evidenced is not null and score_evidenced_before is null)
),

placed as (
    select
        *,
        row_number() over (order by move asc nulls last, project_id asc) as place
    from moved
)

select * from placed
