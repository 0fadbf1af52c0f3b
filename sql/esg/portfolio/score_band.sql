-- one row per band of the evidenced score, and one of projects in none: how many tonight and at the last month's end,
-- how much of their scores is evidenced, and in how many of them something is red (a score does not say so)
with
band as (
    select
        band,
        from_score
    from policy.esg_score_band
    union all
    select
        'none' as band,
        cast(null as decimal(18, 4)) as from_score
),

placed as (
    select * from esg_portfolio.score_placed
),

tonight as (
    select
        band,
        count(*) as project_count,
        sum(exposure_amt) as exposure_amt,
        cast(avg(coverage_pct) as decimal(9, 4)) as mean_coverage_pct,
        min(coverage_pct) as lowest_coverage_pct,
        sum(case when red_count > 0 then 1 else 0 end) as red_project_count,
        sum(red_count) as red_count
    from placed
    group by band
),

before as (
    select
        band_before,
        count(*) as project_count
    from placed
    group by band_before
),

counted as (
    select
        band.band,
        band.from_score,
        coalesce(tonight.project_count, 0) as project_count,
        tonight.mean_coverage_pct,
        tonight.lowest_coverage_pct,
        coalesce(tonight.red_project_count, 0) as red_project_count,
        coalesce(tonight.red_count, 0) as red_count,
        coalesce(before.project_count, 0) as before_count,
        tonight.exposure_amt
    from band
    left join tonight on band.band = tonight.band
    left join before on band.band = before.band_before
)

select * from counted
