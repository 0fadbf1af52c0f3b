-- one row per client that has left: closed, and owing nothing; its emptied accounts are no warning
with
client as (
    select * from staging.client
    where not is_active
),

loan as (
    select distinct client_id
    from features.loan_state
    where status <> 'closed'
),

departed as (
    select client.client_id
    from client
    left join loan on client.client_id = loan.client_id
    where loan.client_id is null
)

select * from departed
