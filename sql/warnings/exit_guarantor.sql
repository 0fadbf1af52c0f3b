-- one row per client with a plan and guarantor of its open loans: for how much, and how the guarantor stands here
with
loan as (
    select
        loan.loan_id,
        placed.client_id,
        placed.branch_id
    from features.loan_state as loan
    inner join warnings_exit.placed as placed on loan.client_id = placed.client_id
    where loan.status <> 'closed' and coalesce(loan.outstanding_amt > 0, true)
),

guaranteed as (
    select
        loan.client_id,
        loan.branch_id,
        guarantee.guarantor_client_id as guarantor_id,
        count(distinct loan.loan_id) as loan_count,
        case when count(guarantee.amount) = count(*) then cast(sum(guarantee.amount) as decimal(18, 2)) end
            as guaranteed_amt
    from source.guarantee as guarantee
    inner join loan on guarantee.loan_id = loan.loan_id
    where guarantee.guarantor_client_id <> loan.client_id and coalesce(guarantee.amount > 0, true)
    group by loan.client_id, loan.branch_id, guarantee.guarantor_client_id
),

standing as (
    select
        $business_date as business_date,
        guaranteed.client_id,
        guaranteed.branch_id,
        guaranteed.guarantor_id,
        warning.branch_id as guarantor_branch_id,
        guaranteed.loan_count,
        guaranteed.guaranteed_amt,
        warning.colour,
        exposure.max_days_past_due as days_past_due,
        exposure.exposure_amt as own_exposure_amt
    from guaranteed
    left join warnings.warning as warning on guaranteed.guarantor_id = warning.client_id
    left join features.client_exposure as exposure on guaranteed.guarantor_id = exposure.client_id
)

select * from standing
