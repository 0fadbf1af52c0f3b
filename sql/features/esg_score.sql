-- one row per project and day that it is scored as of: the score with what lacks evidence as 0, and over what has it
-- Aged evidence earns part of its grade in the strict score. Over the evidenced part it has part of its weight: a score
-- does not fall there because time passes, its coverage does.
with
project as (
    select * from features.project_state
),

item as (
    select * from features_esg.item
),

summed as (
    select
        project_id,
        as_of,
        count(*) as item_count,
        sum(case when state <> 'missing' then 1 else 0 end) as evidenced_count,
        sum(case when state = 'aged' then 1 else 0 end) as aged_count,
        sum(weight) as weight,
        sum(weight * evidence_share) as evidenced_weight,
        sum(cast(weight * evidence_share as decimal(18, 6)) * coalesce(grade, 0)) as points
    from item
    group by project_id, as_of
),

esg_score as (
    select
        $business_date as business_date,
        summed.project_id,
        project.client_id,
        project.branch_id,
        summed.as_of,
        cast(summed.points / nullif(summed.weight, 0) as decimal(9, 2)) as score_strict,
        cast(summed.points / nullif(summed.evidenced_weight, 0) as decimal(9, 2)) as score_evidenced,
        cast(100 * summed.evidenced_weight / nullif(summed.weight, 0) as decimal(9, 2)) as coverage_pct,
        cast(summed.item_count as integer) as item_count,
        cast(summed.evidenced_count as integer) as evidenced_count,
        cast(summed.aged_count as integer) as aged_count
    from summed
    inner join project on summed.project_id = project.project_id
)

select * from esg_score
