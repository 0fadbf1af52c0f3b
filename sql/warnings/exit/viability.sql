-- one row per client with a plan: whether its cash flow can service its debt over the horizon, the two sums behind it
-- and the tables they are from; or why that is not known
with
placed as (
    select * from warnings_exit.placed
),

forecast as (
    select * from warnings_exit.forecast
),

accounts as (
    select * from warnings_exit.accounts
),

service as (
    select * from warnings_exit.service
),

held_back as (
    select * from warnings_exit.held_back
    where measure = 'viability'
),

supplied as (
    select
        max(case when table_name = 'statement' and is_supplied then 1 else 0 end) = 1 as has_statement,
        max(case when table_name = 'project_cashflow' and is_supplied then 1 else 0 end) = 1 as has_cashflow
    from night.supplied
),

-- a project company lives on its project alone; whose company it is nobody says is taken for one where it has a project
gathered as (
    select
        placed.client_id,
        placed.outstanding_amt,
        placed.overdue_amt,
        placed.max_days_past_due,
        placed.is_natural_person,
        placed.is_written_off,
        forecast.client_id is not null and coalesce(placed.is_spv, true) as is_project_company,
        coalesce(placed.is_spv, false) and forecast.client_id is null as is_without_project,
        supplied.has_statement,
        supplied.has_cashflow,
        held_back.client_id is not null as is_held_back,
        forecast.cash_amt as forecast_amt,
        forecast.service_amt as forecast_service_amt,
        forecast.ahead_to,
        service.service_amt,
        accounts.client_id is not null as has_accounts,
        accounts.period_end,
        accounts.is_current,
        accounts.is_debt_known,
        accounts.operating_cash_flow_12m,
        accounts.share,
        accounts.cash_amt as accounts_amt
    from placed
    cross join supplied
    left join forecast on placed.client_id = forecast.client_id
    left join accounts on placed.client_id = accounts.client_id
    left join service on placed.client_id = service.client_id
    left join held_back on placed.client_id = held_back.client_id
),

measured as (
    select
        *,
        case when is_project_company then 'project_cashflow' else 'statement' end as cash_source,
        case when is_project_company then ahead_to else period_end end as cash_data_on,
        case when is_project_company then forecast_amt else accounts_amt end as cash,
        -- the forecast serves all lenders from now on: what is overdue here comes on top
        case
            when is_project_company then greatest(forecast_service_amt + overdue_amt, service_amt) else service_amt
        end as service
    from gathered
),

gapped as (
    select
        *,
        case
            when is_held_back then 'held_back'
            when outstanding_amt is null then 'no_rate'
            when is_written_off then 'written_off'
            when outstanding_amt = 0 and overdue_amt = 0 then 'nothing_owed'
            when service_amt is null then 'no_plan'
            when is_project_company and not has_cashflow then 'no_cashflow_table'
            when is_project_company and (forecast_amt is null or forecast_service_amt is null) then 'no_forecast'
            when is_project_company and overdue_amt is null then 'no_plan'
            when is_project_company then null
            when is_natural_person then 'person'
            when is_without_project then 'no_project'
            when not has_statement then 'no_statement_table'
            when not has_accounts then 'no_statement'
            when not is_current then 'statement_old'
            when operating_cash_flow_12m is null then 'no_cash_flow'
            when not is_debt_known then 'no_total_debt'
        end as gap
    from measured
),

shown as (
    select
        client_id,
        max_days_past_due,
        cash_source,
        cash_data_on,
        case when gap is null then cash end as cash_amt,
        case when gap is null and cash_source = 'statement' then cast(100 * share as decimal(18, 4)) end
            as cash_share_pct,
        case when gap is null then service end as service_amt,
        case when gap is null then cast(cash / nullif(service, 0) as decimal(18, 4)) end as ratio,
        coalesce(gap, case when service = 0 then 'nothing_due' end) as gap
    from gapped
),

line as (
    select
        max(case when viability = 'viable' then ratio_from end) as viable_from,
        max(case when viability = 'doubtful' then ratio_from end) as doubtful_from
    from policy.exit_viability
),

setting as (
    select max(case when setting = 'viable_most_days' then value end) as viable_most_days
    from policy.exit_setting
),

-- arrears say more than accounts: who does not pay for so long is doubtful at best
judged as (
    select
        shown.*,
        coalesce(
            shown.gap is null
            and shown.ratio >= line.viable_from
            and shown.max_days_past_due > setting.viable_most_days,
            false
        ) as is_capped,
        case
            when shown.gap is not null then 'not_assessed'
            when shown.ratio >= line.viable_from then 'viable'
            when shown.ratio >= line.doubtful_from then 'doubtful'
            else 'not_viable'
        end as band
    from shown
    cross join line
    cross join setting
)

select
    client_id,
    cash_source,
    cash_data_on,
    cash_amt,
    cash_share_pct,
    service_amt,
    ratio,
    gap,
    is_capped,
    case when is_capped then 'doubtful' else band end as viability
from judged
