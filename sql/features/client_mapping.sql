-- one row per client ever seen: its group, as tonight's flows to it are sorted; one no longer sent stays where it was
with
sent as (
    select
        client_id,
        group_id
    from staging.client
),

gone as (
    select held.*
    from previous.client_mapping as held
    left join sent on held.client_id = sent.client_id
    where sent.client_id is null
),

mapped as (
    select * from sent
    union all
    select * from gone
)

select * from mapped
