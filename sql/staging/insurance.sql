-- one row per insurance policy of a project
with
insurance as (
    select * from source.insurance
),

kind_column as (
    select count(*) as is_supplied
    from night.supplied_column
    where table_name = 'insurance' and column_name = 'kind'
),

-- a later policy of the same kind replaces an earlier one; where no kind is ever said, any later one may
covered as (
    select
        insurance.*,
        kind_column.is_supplied = 0 as is_kind_unknown
    from insurance
    cross join kind_column
)

select * from covered
