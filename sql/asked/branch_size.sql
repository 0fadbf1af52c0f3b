-- one row per branch that has clients: how many
with
client as (
    select * from source.client
),

branch_size as (
    select
        branch_id,
        count(*) as client_count
    from client
    group by branch_id
)

select * from branch_size
