-- one row per loan with a five-class category; its key: the loan's id
with
client as (
    select * from staging.client
),

class as (
    select
        loan_class.loan_id as subject_key,
        loan_class.client_id,
        client.branch_id,
        cast(null as varchar) as maker_id
    from warnings.loan_class as loan_class
    left join client on loan_class.client_id = client.client_id
)

select * from class
