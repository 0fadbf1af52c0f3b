-- one row per project, measured item and period that it is reported of: the figure and its permit's limit
with
reading as (
    select
        project_id,
        item,
        period_end,
        value,
        permit_limit
    from staging.esg_item
    where kind = 'kpi' and value is not null
)

select * from reading
