-- one row per project: the band of its evidenced score tonight and at the last month's end
-- A score that too little is evidenced for lies in no band.
with
setting as (
    select max(case when setting = 'score_least_coverage_pct' then value end) as least_coverage_pct
    from policy.esg_setting
),

line as (
    select
        band,
        from_score,
        lead(from_score) over (order by from_score) as to_score
    from policy.esg_score_band
),

scored as (
    select
        project.project_id,
        project.name,
        project.branch_name,
        project.branch_name_en,
        project.category,
        project.exposure_amt,
        project.score_strict,
        project.score_evidenced,
        project.coverage_pct,
        project.red_count,
        case when project.coverage_pct >= setting.least_coverage_pct then project.score_evidenced end as now_score,
        case when project.coverage_before_pct >= setting.least_coverage_pct then project.score_evidenced_before end
            as before_score
    from esg_portfolio.project as project
    cross join setting
),

placed as (
    select
        scored.project_id,
        scored.name,
        scored.branch_name,
        scored.branch_name_en,
        scored.category,
        scored.exposure_amt,
        scored.score_strict,
        scored.score_evidenced,
        scored.coverage_pct,
        scored.red_count,
        coalesce(now_line.band, 'none') as band,
        coalesce(before_line.band, 'none') as band_before
    from scored
    left join line as now_line
        on
            scored.now_score >= now_line.from_score
            and (scored.now_score < now_line.to_score or now_line.to_score is null)
    left join line as before_line
        on
            scored.before_score >= before_line.from_score
            and (scored.before_score < before_line.to_score or before_line.to_score is null)
)

select * from placed
