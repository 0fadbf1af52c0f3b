-- one row per year, kind of finance and scope: financed emissions with what they cover, what they do not, and how good
-- they are. The score is weighted by what is owed, of what is covered only: read it with the coverage beside it
with
financed as (
    select
        *,
        case when financed_t is not null then outstanding_amt end as covered_amt,
        case when financed_t is not null and quality is not null then outstanding_amt end as scored_amt
    from esg.financed_emission
),

summed as (
    select
        $business_date as business_date,
        year,
        pcaf_class,
        scope,
        max(report_due_on) as report_due_on,
        count(*) as row_count,
        count(financed_t) as covered_count,
        count(*) - count(financed_t) as uncovered_count,
        sum(case when reason = 'not_due' then 1 else 0 end) as not_due_count,
        count(*) - count(outstanding_amt) as unknown_count,
        sum(outstanding_amt) as outstanding_amt,
        coalesce(sum(covered_amt), 0) as covered_amt,
        cast(coalesce(sum(covered_amt), 0) * 100 / nullif(sum(outstanding_amt), 0) as decimal(9, 4)) as coverage_pct,
        sum(financed_t) as financed_t,
        cast(sum(scored_amt * quality) / nullif(sum(scored_amt), 0) as decimal(9, 4)) as weighted_quality,
        count(financed_t) - count(scored_amt) as unscored_count,
        -- of a few coins that are still owed it is of any size: the column's most stands for it
        case
            when sum(covered_amt) > 0
                then
                    cast(
                        least(
                            cast(sum(financed_t) * 1000000 / nullif(sum(covered_amt), 0) as decimal(38, 4)),
                            99999999999999
                        ) as decimal(18, 4)
                    )
        end as intensity_t_per_million
    from financed
    group by year, pcaf_class, scope
)

select * from summed
