-- one row per rule (an indicator, or floor) and table or column that it needs and the source lacks
with
need as (
    select * from warnings_verdict.need
),

supplied as (
    select table_name as token
    from night.supplied
    where is_supplied
    union all
    select table_name || '.' || column_name as token
    from night.supplied_column
),

-- a column of a table that is not there is missing with its table
looked_up as (
    select
        need.rule,
        need.item,
        need.is_partial,
        need.way,
        case
            when supplied.token is not null then null
            when of_table.token is null then split_part(need.token, '.', 1)
            else need.token
        end as missing
    from need
    left join supplied on need.token = supplied.token
    left join supplied as of_table on split_part(need.token, '.', 1) = of_table.token
),

met as (
    select distinct
        rule,
        item
    from (
        select
            rule,
            item,
            way
        from looked_up
        group by rule, item, way
        having count(missing) = 0
    ) as whole_way
),

missing as (
    select
        looked_up.rule,
        looked_up.missing as token,
        min(case when looked_up.is_partial then 1 else 0 end) = 1 as is_partial
    from looked_up
    left join met on looked_up.rule = met.rule and looked_up.item = met.item
    where met.rule is null and looked_up.missing is not null
    group by looked_up.rule, looked_up.missing
)

select * from missing
