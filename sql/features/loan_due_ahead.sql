-- one row per open loan and date by which something unpaid will have fallen due when classes are next forecast for
-- (features_loan.class_day): what of it is unpaid tonight, and from which day it counts as overdue
-- Days past due of that day follow from it as tonight's do from features_loan.due (features_loan.arrears).
with
class_day as (
    select * from features_loan.class_day
),

setting as (
    select cast(max(case when setting = 'technical_days' then value end) as integer) as technical_days
    from policy.arrears_setting
),

loan as (
    select
        loan.loan_id,
        loan.client_id,
        loan.outstanding_base_amt,
        class_day.forecast_on,
        least(loan.accelerated_on, loan.effective_maturity_date) as due_in_full_on
    from staging.loan as loan
    cross join class_day
    where loan.is_open
),

instalment as (
    select
        due.loan_id,
        loan.client_id,
        due.kind,
        due.effective_due_date as due_on,
        due.unpaid_amt,
        coalesce(due.is_unconfirmed, false) as is_unconfirmed,
        coalesce(due.technical_reason, '') <> '' as is_technical,
        loan.forecast_on
    from features_loan.due as due
    inner join loan on due.loan_id = loan.loan_id
),

technical as (
    select distinct
        loan_id,
        due_on
    from instalment
    where is_technical
),

-- an evidenced technical delay counts once its days are over; once called or matured the whole balance is due
owed as (
    select
        instalment.loan_id,
        instalment.client_id,
        instalment.due_on,
        instalment.due_on + case when instalment.is_technical then setting.technical_days else 0 end + 1 as counts_from,
        instalment.forecast_on,
        case when instalment.kind = 'principal' and not instalment.is_unconfirmed then instalment.unpaid_amt else 0 end
            as principal_amt,
        case when instalment.kind <> 'principal' and not instalment.is_unconfirmed then instalment.unpaid_amt else 0 end
            as interest_amt,
        0 as in_full_amt,
        case when instalment.is_unconfirmed then instalment.unpaid_amt else 0 end as unconfirmed_amt
    from instalment
    cross join setting
    where instalment.unpaid_amt > 0
    union all
    select
        loan.loan_id,
        loan.client_id,
        loan.due_in_full_on as due_on,
        loan.due_in_full_on
        + case when technical.loan_id is not null then setting.technical_days else 0 end
        + 1 as counts_from,
        loan.forecast_on,
        0 as principal_amt,
        0 as interest_amt,
        loan.outstanding_base_amt as in_full_amt,
        0 as unconfirmed_amt
    from loan
    cross join setting
    left join technical on loan.loan_id = technical.loan_id and loan.due_in_full_on = technical.due_on
    where loan.outstanding_base_amt > 0
),

due_ahead as (
    select
        loan_id,
        client_id,
        due_on,
        counts_from,
        sum(principal_amt) as principal_amt,
        sum(interest_amt) as interest_amt,
        sum(in_full_amt) as in_full_amt,
        sum(unconfirmed_amt) as unconfirmed_amt
    from owed
    where counts_from <= forecast_on
    group by loan_id, client_id, due_on, counts_from
)

select * from due_ahead
