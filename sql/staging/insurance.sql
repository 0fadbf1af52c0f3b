-- one row per insurance policy of a project
with
insurance as (
    select * from source.insurance
)

select * from insurance
