-- one row per category and stage: how many projects, and what the bank has lent and approved for them
with
project as (
    select * from esg_portfolio.project
),

whole as (
    select sum(exposure_amt) as whole_amt
    from project
),

summed as (
    select
        category,
        coalesce(stage, 'unknown') as stage,
        count(*) as project_count,
        count(*) - count(exposure_amt) as unknown_count,
        sum(exposure_amt) as exposure_amt,
        sum(approved_amt) as approved_amt
    from project
    group by category, coalesce(stage, 'unknown')
),

shared as (
    select
        summed.*,
        cast(100 * summed.exposure_amt / nullif(whole.whole_amt, 0) as decimal(9, 4)) as exposure_pct
    from summed
    cross join whole
)

select * from shared
