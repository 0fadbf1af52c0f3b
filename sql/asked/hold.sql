-- one row per table and check that holds the night: of its findings, the critical ones about a table as a whole
with
finding as (
    select * from night.result
),

hold as (
    select distinct
        table_name,
        rule
    from finding
    where not success and severity = 'critical' and scope = 'table'
)

select * from hold
