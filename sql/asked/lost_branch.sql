-- one row per branch that should have a list and is in no registry: of the night before, or its own row held back
with
registry as (
    select branch_id from source.branch
),

expected as (
    select branch_id from night.branch_before
    union
    select row_key as branch_id
    from night.withheld
    where table_name = 'branch' and column_name is null
),

lost as (
    select expected.branch_id
    from expected
    left join registry on expected.branch_id = registry.branch_id
    where registry.branch_id is null and expected.branch_id <> ''
)

select * from lost
