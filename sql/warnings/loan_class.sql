-- one row per loan that is not closed, or whose row is kept back: its class as booked, the least that the rules
-- allow, and the least of the last day of the quarter if nothing is paid, with its cheapest cure; not assessed says
-- why
with
loan as (
    select
        loan_floor.loan_id,
        loan_floor.client_id,
        loan_floor.asset_class,
        loan_floor.floor_class,
        loan_floor.floor_rank,
        loan_floor.floor_reason,
        loan_forecast.forecast_class,
        loan_forecast.forecast_rank,
        loan_forecast.forecast_on,
        loan_forecast.forecast_reason,
        loan_forecast.cure_amt,
        loan_forecast.cure_by,
        loan_forecast.first_due_on as cure_first_due_on,
        loan_forecast.last_due_on as cure_last_due_on,
        loan_forecast.cured_class
    from warnings.loan_floor as loan_floor
    inner join warnings.loan_forecast as loan_forecast on loan_floor.loan_id = loan_forecast.loan_id
),

class_day as (
    select * from features_loan.class_day
),

supplied as (
    select
        max(case when table_name = 'instalment' and is_supplied then 1 else 0 end) = 1 as has_plan,
        max(case when table_name = 'payment' and is_supplied then 1 else 0 end) = 1 as has_payment
    from night.supplied
),

class_column as (
    select count(*) as columns
    from night.supplied_column
    where table_name = 'loan' and column_name = 'asset_class'
),

withheld as (
    select * from warnings_verdict.withheld_client
),

unconverted as (
    select * from warnings_verdict.unconverted
),

-- that no rule says worse is not enough where the class booked is not known either
judged as (
    select
        loan.*,
        loan.floor_rank < 0 or (loan.floor_rank = 0 and loan.asset_class is null) as is_floor_unknown,
        loan.forecast_rank < 0 or (loan.forecast_rank = 0 and loan.asset_class is null) as is_forecast_unknown
    from loan
),

-- why, as warnings.warning says it: reason:table or reason:table.column
told as (
    select
        judged.loan_id,
        case
            when judged.floor_rank < 0
                then
                    case
                        when withheld.withheld is not null then withheld.withheld
                        when unconverted.token is not null then 'not_supplied:' || unconverted.token
                        when not supplied.has_plan then 'not_supplied:instalment'
                        when loan_state.has_unconfirmed and not supplied.has_payment then 'not_supplied:payment'
                        when loan_state.has_unconfirmed then 'unconfirmed:payment'
                        else 'no_row:instalment'
                    end
            when class_column.columns = 0 then 'not_supplied:loan.asset_class'
            else 'no_value:loan.asset_class'
        end as cause
    from judged
    cross join supplied
    cross join class_column
    inner join features.loan_state as loan_state on judged.loan_id = loan_state.loan_id
    left join withheld on judged.client_id = withheld.client_id
    left join unconverted on judged.client_id = unconverted.client_id and loan_state.ccy = unconverted.ccy
    where judged.is_floor_unknown
),

known as (
    select
        judged.loan_id,
        judged.client_id,
        loan_state.branch_id,
        judged.asset_class as booked_class,
        case when judged.is_floor_unknown then 'not_assessed' else judged.floor_class end as floor_class,
        case when judged.is_floor_unknown then told.cause else judged.floor_reason end as floor_rule,
        case when judged.is_forecast_unknown then 'not_assessed' else judged.forecast_class end as forecast_class,
        case when not judged.is_forecast_unknown then judged.forecast_reason end as forecast_rule,
        judged.forecast_on,
        judged.cure_amt,
        judged.cure_by,
        judged.cure_first_due_on,
        judged.cure_last_due_on,
        judged.cured_class
    from judged
    inner join features.loan_state as loan_state on judged.loan_id = loan_state.loan_id
    left join told on judged.loan_id = told.loan_id
),

-- a loan whose own row is kept back is not left out in silence
kept_back as (
    select
        held.loan_id,
        min(held.client_id) as client_id,
        min(held.reason) as reason
    from night.withheld as held
    left join features.loan_state as loan_state on held.loan_id = loan_state.loan_id
    where
        held.table_name = 'loan' and held.column_name is null and held.loan_id is not null
        and loan_state.loan_id is null
    group by held.loan_id
),

loan_class as (
    select * from known
    union all
    select
        kept_back.loan_id,
        kept_back.client_id,
        client.branch_id,
        cast(null as varchar) as booked_class,
        'not_assessed' as floor_class,
        kept_back.reason || ':loan' as floor_rule,
        'not_assessed' as forecast_class,
        cast(null as varchar) as forecast_rule,
        class_day.forecast_on,
        cast(null as decimal(18, 2)) as cure_amt,
        cast(null as date) as cure_by,
        cast(null as date) as cure_first_due_on,
        cast(null as date) as cure_last_due_on,
        cast(null as varchar) as cured_class
    from kept_back
    cross join class_day
    left join staging.client as client on kept_back.client_id = client.client_id
)

select * from loan_class
