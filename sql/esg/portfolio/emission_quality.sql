-- one row per kind of finance, scope and data quality of the newest year: what is owed at each score, at none, by loans
-- of which nothing need be reported yet, and by those that nothing covers; the scopes are never added up
with
newest as (
    select max(year) as year
    from esg.financed_emission
),

classed as (
    select
        emission.year,
        emission.pcaf_class,
        emission.scope,
        case
            when emission.reason = 'not_due' then 'not_due'
            when emission.reason is not null then 'uncovered'
            when emission.quality is null then 'unscored'
            else cast(emission.quality as varchar)
        end as quality_class,
        emission.outstanding_amt
    from esg.financed_emission as emission
    inner join newest on emission.year = newest.year
),

summed as (
    select
        year,
        pcaf_class,
        scope,
        quality_class,
        count(*) as row_count,
        sum(outstanding_amt) as outstanding_amt
    from classed
    group by year, pcaf_class, scope, quality_class
),

whole as (
    select
        year,
        pcaf_class,
        scope,
        sum(outstanding_amt) as outstanding_amt
    from classed
    group by year, pcaf_class, scope
),

shared as (
    select
        summed.year,
        summed.pcaf_class,
        summed.scope,
        summed.quality_class,
        cast(summed.row_count as integer) as row_count,
        summed.outstanding_amt,
        cast(summed.outstanding_amt * 100 / nullif(whole.outstanding_amt, 0) as decimal(9, 4)) as outstanding_pct
    from summed
    inner join whole
        on summed.year = whole.year and summed.pcaf_class = whole.pcaf_class and summed.scope = whole.scope
)

select * from shared
