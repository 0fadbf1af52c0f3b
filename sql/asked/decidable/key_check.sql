-- one row per loan that is followed after it was paid out: a key check of it may be ordered; its key: the loan's id
with
loan as (
    select
        loan_id as subject_key,
        client_id,
        branch_id,
        cast(null as varchar) as maker_id
    from features.loan_state
    where status = 'active' and (outstanding_amt > 0 or outstanding_amt is null)
)

select * from loan
