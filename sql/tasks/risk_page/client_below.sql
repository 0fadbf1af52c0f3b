-- one row per branch and client of another branch that its list asks risk about: the list names the client
with
asked as (
    select distinct
        branch_id,
        client_id
    from tasks.task
    where audience = 'risk_only'
),

client_below as (
    select
        asked.branch_id as at_branch_id,
        client.*
    from asked
    inner join source.client as client on asked.client_id = client.client_id
    where client.branch_id <> asked.branch_id
)

select * from client_below
