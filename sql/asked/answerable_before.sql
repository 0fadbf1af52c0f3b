-- one row per task of the nights before, as its branch had it last: an old list may be answered, and decides nothing
with
lately as (
    select
        business_date,
        branch_id,
        client_id,
        owner_id,
        task_key,
        card_code,
        kind
    from night.task_lately
),

newest_first as (
    select
        lately.*,
        row_number() over (partition by task_key order by business_date desc) as place
    from lately
)

select
    branch_id,
    client_id,
    owner_id,
    task_key,
    card_code,
    kind,
    false as is_hard,
    cast(null as varchar) as episode_id
from newest_first
where place = 1
