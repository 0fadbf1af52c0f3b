-- one row per client and row of the source that is about it: what explain names by key
with
loan as (
    select * from source.loan
),

client_row as (
    select
        client_id,
        'client' as table_name,
        client_id as row_key
    from source.client
    union all
    select
        client_id,
        'account' as table_name,
        account_id as row_key
    from source.account
    union all
    select
        client_id,
        'loan' as table_name,
        loan_id as row_key
    from loan
    union all
    select
        loan.client_id,
        'instalment' as table_name,
        instalment.loan_id || '|' || cast(instalment.due_date as varchar) || '|' || instalment.kind as row_key
    from source.instalment as instalment
    inner join loan on instalment.loan_id = loan.loan_id
    union all
    select
        loan.client_id,
        'payment' as table_name,
        payment.payment_id as row_key
    from source.payment as payment
    inner join loan on payment.loan_id = loan.loan_id
    union all
    select
        client_id,
        'project' as table_name,
        project_id as row_key
    from source.project
)

select * from client_row
