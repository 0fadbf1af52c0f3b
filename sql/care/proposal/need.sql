-- one row per open need with a date: whose it is, the project it can be for, and the day on which money would be paid
{% import 'macros/month.sql' as months %}
with
setting as (
    select
        cast(max(case when setting = 'tail_months' then value end) as integer) as tail_months,
        cast(max(case when setting = 'grace_months' then value end) as integer) as grace_months
    from policy.proposal_setting
),

-- a client with several projects does not say which of them it means
project as (
    select
        client_id,
        count(*) as projects,
        min(project_id) as project_id
    from features.project_state
    group by client_id
),

forecast as (
    select
        project_id,
        max(period_end) as forecast_to
    from features_project.period
    where kind = 'forecast' and period_end > $business_date
    group by project_id
),

need as (
    select
        need.need_id,
        need.client_id,
        client.branch_id,
        client.client_kind,
        client.segment,
        client.sector_code,
        need.kind,
        need.amount as asked_amt,
        need.price_amt,
        need.refinances_loan_id,
        need.take_out_kind,
        need.take_out_amt,
        need.take_out_on,
        need.raised_on,
        need.by_when,
        greatest(need.by_when, $morning) as paid_out_on,
        greatest(date_diff('day', need.by_when, $business_date), 0) as late_days,
        coalesce(project.projects, 0) as projects,
        case when project.projects = 1 then project.project_id end as project_id
    from staging.need as need
    inner join staging.client as client on need.client_id = client.client_id
    left join project on need.client_id = project.client_id
    where need.is_open and need.by_when is not null and client.is_active
),

placed as (
    select
        need.*,
        state.stage as project_stage,
        state.budget_amt,
        -- debt of the project so far: by the progress report, or what this bank lent, whichever is more;
        -- not known where neither is
        case
            when need.project_id is not null
                then greatest(state.total_debt_amt, state.outstanding_amt)
        end as project_debt_amt,
        cast(
            case when state.capital_ratio > 1 then state.capital_ratio else 100 * state.capital_ratio end
            as decimal(18, 4)
        ) as capital_pct,
        case when state.stage = 'construction' then coalesce(state.cod_forecast, state.cod_contract) end as cod_on,
        state.concession_end,
        forecast.forecast_to,
        {{ months.number('state.concession_end') }} - {{ months.number('need.paid_out_on') }} - setting.tail_months
            as concession_months,
        {{ months.number('forecast.forecast_to') }} - {{ months.number('need.paid_out_on') }} as forecast_months,
        setting.grace_months
    from need
    cross join setting
    left join features.project_state as state on need.project_id = state.project_id
    left join forecast on need.project_id = forecast.project_id
)

select * from placed
