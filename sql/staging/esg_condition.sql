-- one row per condition of a review that stands: withdrawn is gone, met later than the business date is not met
with
condition as (
    select * from source.esg_condition
    where withdrawn_on is null or withdrawn_on > $business_date
),

unreadable as (
    select distinct row_key
    from night.withheld
    where table_name = 'esg_condition' and column_name in ('met_on', 'due_on', 'is_before_draw')
),

as_of_night as (
    select
        condition.condition_id,
        condition.project_id,
        condition.period_end,
        condition.condition,
        condition.due_on,
        condition.is_before_draw,
        case when condition.met_on <= $business_date then condition.met_on end as met_on,
        condition.evidence_id,
        unreadable.row_key is not null as is_unreadable
    from condition
    left join unreadable on condition.condition_id = unreadable.row_key
)

select * from as_of_night
