-- one row per task that any night listed: as the newest of them saw it
with
seen as (
    select
        task_key,
        branch_id,
        client_id,
        owner_id,
        kind,
        indicator,
        severity,
        due_on,
        business_date
    from history.task
),

placed as (
    select
        seen.*,
        row_number() over (partition by task_key order by business_date desc) as place
    from seen
),

task_seen as (
    select
        task_key,
        branch_id,
        client_id,
        owner_id,
        kind,
        indicator,
        severity,
        due_on
    from placed
    where place = 1
)

select * from task_seen
