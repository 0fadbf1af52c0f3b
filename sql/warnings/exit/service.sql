-- one row per client with a plan that owes: what falls due at this bank within the horizon, and what is overdue; null
-- where a loan has no plan, its plan and payments disagree, or its currency has no rate
with
setting as (
    select
        cast(
            cast(max(case when setting = 'horizon_months' then value end) * 365 / 12 as decimal(18, 6)) as integer
        ) as horizon_days
    from policy.exit_setting
),

loan as (
    select
        loan.loan_id,
        loan.client_id,
        loan.outstanding_amt,
        loan.due_in_full_on,
        loan.is_assessed and loan.days_past_due is not null as is_known,
        coalesce(
            loan.maturity_date <= cast($business_date + setting.horizon_days * interval '1' day as date), false
        ) as is_maturing
    from features.loan_state as loan
    cross join setting
    inner join warnings_exit.placed as placed on loan.client_id = placed.client_id
    where loan.status <> 'closed'
),

planned as (
    select
        due.loan_id,
        sum(case when due.kind = 'principal' then due.unpaid_amt else 0 end) as principal_amt,
        sum(case when due.kind <> 'principal' then due.unpaid_amt else 0 end) as other_amt,
        sum(
            case
                when due.kind <> 'principal' and due.effective_due_date <= $business_date then due.unpaid_amt
                else 0
            end
        ) as other_due_amt,
        count(case when due.unpaid_amt is null then 1 end) as unknown_count
    from features_loan.due as due
    cross join setting
    where due.effective_due_date <= cast($business_date + setting.horizon_days * interval '1' day as date)
    group by due.loan_id
),

-- a loan that matures within the horizon is due whole, whatever its plan still lists of it; of a loan that is due in
-- full its plan counts no more, but for the interest that fell due by it
owed as (
    select
        loan.client_id,
        case
            when not loan.is_known or coalesce(planned.unknown_count, 0) > 0 then null
            when loan.due_in_full_on <= $business_date
                then loan.outstanding_amt + coalesce(planned.other_due_amt, 0)
            when loan.is_maturing
                then greatest(loan.outstanding_amt, coalesce(planned.principal_amt, 0)) + coalesce(planned.other_amt, 0)
            else coalesce(planned.principal_amt, 0) + coalesce(planned.other_amt, 0)
        end as service_amt
    from loan
    left join planned on loan.loan_id = planned.loan_id
),

service as (
    select
        client_id,
        case when count(service_amt) = count(*) then cast(sum(service_amt) as decimal(38, 2)) end as service_amt
    from owed
    group by client_id
)

select * from service
