-- one row per open loan that a payment keeps out of the class of the forecast, where it is so by its own merits: the
-- case (warnings_five_class.case_ahead) of the least amount, of equal ones the latest, of those the first by its name
with
own_rank as (
    select
        case_id,
        max(rank) as rank
    from warnings_five_class.own_ahead
    group by case_id
),

forecast as (
    select * from warnings_five_class.forecast
    where is_known and own_rank = rank
),

better as (
    select
        loan.case_id,
        loan.loan_id,
        loan.client_id,
        loan.pay_on,
        loan.pay_amt,
        loan.first_due_on,
        loan.last_due_on,
        forecast.own_rank,
        row_number() over (
            partition by loan.loan_id
            order by loan.pay_amt asc, loan.pay_on desc, loan.case_id asc
        ) as place
    from warnings_five_class.loan_ahead as loan
    inner join forecast on loan.loan_id = forecast.loan_id
    inner join own_rank on loan.case_id = own_rank.case_id and forecast.own_rank > own_rank.rank
    where loan.pay_on is not null
),

cure as (
    select
        case_id,
        loan_id,
        client_id,
        pay_on,
        pay_amt,
        first_due_on,
        last_due_on,
        own_rank
    from better
    where place = 1
)

select * from cure
