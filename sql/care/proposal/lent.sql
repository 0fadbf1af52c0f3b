-- one row per client with an open need that owes working capital: what it owes of it
-- Loans that run for at most so long, or revolve, are working capital. Null where one of them cannot be converted.
with
setting as (
    select cast(max(case when setting = 'working_loan_days' then value end) as integer) as working_loan_days
    from policy.proposal_setting
),

client as (
    select distinct client_id
    from care_proposal.need
),

lent as (
    select
        loan.client_id,
        case when count(*) = count(loan.outstanding_amt) then sum(loan.outstanding_amt) end as working_loan_amt
    from features.loan_state as loan
    cross join setting
    inner join client on loan.client_id = client.client_id
    where
        loan.status = 'active'
        and (
            coalesce(loan.is_revolving, false)
            or date_diff('day', loan.start_date, loan.maturity_date) <= setting.working_loan_days
        )
    group by loan.client_id
)

select * from lent
