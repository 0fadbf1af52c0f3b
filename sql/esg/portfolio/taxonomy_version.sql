-- one row per version of the green catalogue: the loans booked under a code of it, and those under none
with
taxonomy as (
    select * from esg.taxonomy
),

whole as (
    select sum(outstanding_amt) as whole_amt
    from taxonomy
),

summed as (
    select
        taxonomy_version,
        count(distinct case when taxonomy_code is not null then project_id end) as project_count,
        sum(case when taxonomy_code is not null then loan_count else 0 end) as loan_count,
        sum(case when taxonomy_code is not null then outstanding_amt end) as eligible_amt,
        sum(case when taxonomy_code is null then loan_count else 0 end) as uncoded_count,
        sum(case when taxonomy_code is null then outstanding_amt end) as uncoded_amt,
        sum(case when outstanding_amt is null then loan_count else 0 end) as unknown_count
    from taxonomy
    group by taxonomy_version
),

shared as (
    select
        summed.*,
        cast(100 * summed.eligible_amt / nullif(whole.whole_amt, 0) as decimal(9, 4)) as eligible_pct
    from summed
    cross join whole
)

select * from shared
