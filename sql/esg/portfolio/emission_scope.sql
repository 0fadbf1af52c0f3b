-- one row per year, kind of finance and scope: what the bank financed, what that covers and how good it is; the scopes
-- are never added up
with
total as (
    select
        year,
        pcaf_class,
        scope,
        report_due_on,
        row_count,
        covered_count,
        uncovered_count,
        not_due_count,
        unknown_count,
        outstanding_amt,
        covered_amt,
        coverage_pct,
        financed_t,
        weighted_quality,
        unscored_count,
        intensity_t_per_million
    from esg.financed_emission_total
)

select * from total
