-- one row per proposal that may be offered and due date of its chosen shape, to the cent
with
scheduled as (
    select
        $business_date as business_date,
        proposal.client_id,
        repayment.proposal_id,
        repayment.due_on,
        repayment.principal_amt as principal,
        repayment.interest_amt as interest,
        repayment.balance_amt as balance
    from night.repayment_row as repayment
    inner join care.proposal as proposal on repayment.proposal_id = proposal.proposal_id
    where proposal.verdict = 'offer'
)

select * from scheduled
