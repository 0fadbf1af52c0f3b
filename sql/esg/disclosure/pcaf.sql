-- one row per year, kind of finance and sector: what is lent, what of it is covered, and the financed emissions, each
-- scope in its own column
-- The sector is that of the project, of a loan without one its client's; the scopes are never added up.
with
financed as (
    select
        emission.year,
        emission.pcaf_class,
        coalesce(project.sector_code, client.sector_code, 'unknown') as sector_code,
        coalesce(emission.project_id, emission.loan_id) as holder_id,
        emission.scope,
        emission.outstanding_amt,
        emission.financed_t,
        emission.quality,
        emission.report_due_on,
        emission.reason
    from esg.financed_emission as emission
    left join features.project_state as project on emission.project_id = project.project_id
    left join staging.client as client on emission.client_id = client.client_id
),

held as (
    select
        year,
        pcaf_class,
        sector_code,
        holder_id,
        max(report_due_on) as report_due_on,
        max(case when reason = 'not_due' then 1 else 0 end) as is_not_due,
        max(outstanding_amt) as outstanding_amt,
        max(case when scope = 1 then financed_t end) as scope1_t,
        max(case when scope = 2 then financed_t end) as scope2_t,
        max(case when scope = 3 then financed_t end) as scope3_t,
        max(case when scope = 1 then quality end) as scope1_quality,
        max(case when scope = 2 then quality end) as scope2_quality,
        max(case when scope = 3 then quality end) as scope3_quality
    from financed
    group by year, pcaf_class, sector_code, holder_id
),

covered as (
    select
        *,
        case when scope1_t is not null and scope2_t is not null then outstanding_amt end as covered_amt,
        case when scope3_t is not null then outstanding_amt end as covered_scope3_amt,
        case when scope1_t is not null and scope1_quality is not null then outstanding_amt end as scored1_amt,
        case when scope2_t is not null and scope2_quality is not null then outstanding_amt end as scored2_amt,
        case when scope3_t is not null and scope3_quality is not null then outstanding_amt end as scored3_amt
    from held
),

summed as (
    select
        year,
        pcaf_class,
        sector_code,
        max(report_due_on) as report_due_on,
        count(*) as row_count,
        sum(is_not_due) as not_due_count,
        count(*) - count(outstanding_amt) as unknown_count,
        sum(outstanding_amt) as outstanding_amt,
        count(covered_amt) as covered_count,
        sum(covered_amt) as covered_amt,
        cast(100 * coalesce(sum(covered_amt), 0) / nullif(sum(outstanding_amt), 0) as decimal(9, 4)) as coverage_pct,
        sum(scope1_t) as scope1_t,
        sum(scope2_t) as scope2_t,
        sum(scope3_t) as scope3_t,
        cast(100 * coalesce(sum(covered_scope3_amt), 0) / nullif(sum(outstanding_amt), 0) as decimal(9, 4))
            as scope3_coverage_pct,
        cast(sum(scored1_amt * scope1_quality) / nullif(sum(scored1_amt), 0) as decimal(9, 4)) as scope1_quality,
        cast(sum(scored2_amt * scope2_quality) / nullif(sum(scored2_amt), 0) as decimal(9, 4)) as scope2_quality,
        cast(sum(scored3_amt * scope3_quality) / nullif(sum(scored3_amt), 0) as decimal(9, 4)) as scope3_quality
    from covered
    group by year, pcaf_class, sector_code
)

select * from summed
