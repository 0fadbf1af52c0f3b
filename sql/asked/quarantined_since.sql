-- one row per row or cell kept out tonight, as the checks noted it, and since when its key is
with
quarantined as (
    select * from night.quarantine
),

since_first as (
    select
        table_name,
        row_key,
        min(since) as since
    from night.withheld
    where column_name is null
    group by
        table_name,
        row_key
),

dated as (
    select
        quarantined.*,
        coalesce(since_first.since, quarantined.business_date) as since
    from quarantined
    left join since_first
        on quarantined.table_name = since_first.table_name and quarantined.row_key = since_first.row_key
)

select * from dated
