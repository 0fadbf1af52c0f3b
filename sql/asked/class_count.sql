-- one row: of how many loans the five-class category was looked at, how many are booked better than the rules allow,
-- how many will be bad on the last day of the quarter if nothing is paid and are not yet so by book or rule, and of
-- how many that cannot be said
with
class as (
    select * from policy.asset_class
),

judged as (
    select
        loan_class.forecast_on,
        case when booked.rank < least_class.rank then 1 else 0 end as is_drift,
        case when ahead.is_bad and ahead.rank > booked.rank and ahead.rank > least_class.rank then 1 else 0 end
            as is_ahead,
        case when 'not_assessed' in (loan_class.floor_class, loan_class.forecast_class) then 1 else 0 end as is_unknown
    from warnings.loan_class as loan_class
    left join class as booked on loan_class.booked_class = booked.asset_class
    left join class as least_class on loan_class.floor_class = least_class.asset_class
    left join class as ahead on loan_class.forecast_class = ahead.asset_class
),

class_count as (
    select
        count(*) as loans,
        coalesce(sum(is_drift), 0) as drifts,
        coalesce(sum(is_ahead), 0) as ahead,
        coalesce(sum(is_unknown), 0) as unknown,
        max(forecast_on) as forecast_on
    from judged
)

select * from class_count
