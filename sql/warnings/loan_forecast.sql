-- one row per loan that is not closed: the least class that it can have on the last day of the quarter if nothing is
-- paid until then, by which rule, and its cheapest cure: the least amount, by the latest date, that keeps it out of
-- that class
-- A debtor is judged as a whole: a cure holds together with those of its other loans. Where only those make the loan
-- worse, it is what they take together, by the first of their dates.
with
class as (
    select * from policy.asset_class
),

class_day as (
    select * from features_loan.class_day
),

bad_from as (
    select min(rank) as rank
    from class
    where is_bad
),

withheld as (
    select client_id
    from warnings_verdict.withheld
    where rule = 'floor'
),

-- a reason stands whatever is withheld; that there is none is not known then, nor what is enough
judged as (
    select
        forecast.loan_id,
        forecast.client_id,
        forecast.reason,
        forecast.own_rank,
        forecast.is_known and withheld.client_id is null as is_known,
        case when forecast.rank > 0 or (forecast.is_known and withheld.client_id is null) then forecast.rank end
            as rank
    from warnings_five_class.forecast as forecast
    left join withheld on forecast.client_id = withheld.client_id
),

-- of the loans that make the debtor's others worse: bad ones, and late ones where the others are renewals
spread as (
    select
        judged.loan_id,
        sum(cure.pay_amt) as pay_amt,
        min(cure.pay_on) as pay_on
    from judged
    cross join bad_from
    inner join warnings_five_class.cure as cure
        on
            judged.client_id = cure.client_id
            and (bad_from.rank <= cure.own_rank or judged.reason = 'refinanced')
    group by judged.loan_id
),

curable as (
    select
        judged.loan_id,
        cured.rank,
        case when judged.rank > coalesce(judged.own_rank, 0) then spread.pay_amt else cure.pay_amt end as cure_amt,
        case when judged.rank > coalesce(judged.own_rank, 0) then spread.pay_on else cure.pay_on end as cure_by,
        case when judged.rank = judged.own_rank then cure.first_due_on end as first_due_on,
        case when judged.rank = judged.own_rank then cure.last_due_on end as last_due_on
    from judged
    inner join warnings_five_class.cured as cured on judged.loan_id = cured.loan_id and judged.rank > cured.rank
    left join warnings_five_class.cure as cure on judged.loan_id = cure.loan_id
    left join spread on judged.loan_id = spread.loan_id
    where judged.is_known
),

loan_forecast as (
    select
        judged.loan_id,
        judged.client_id,
        class.asset_class as forecast_class,
        case when judged.rank is null then 'not_assessed' when judged.rank > 0 then judged.reason end
            as forecast_reason,
        coalesce(judged.rank, -1) as forecast_rank,
        class_day.forecast_on,
        curable.cure_amt,
        case when curable.cure_amt is not null then curable.cure_by end as cure_by,
        curable.first_due_on,
        curable.last_due_on,
        case when curable.cure_amt is not null then cured_class.asset_class end as cured_class
    from judged
    cross join class_day
    left join class on judged.rank = class.rank
    left join curable on judged.loan_id = curable.loan_id
    left join class as cured_class on curable.rank = cured_class.rank
)

select * from loan_forecast
