-- one row per project in operation: cash flow and debt service of the twelve months behind and ahead, and output
-- beside its P50, each null unless the whole twelve months are known
-- Behind: up to the newest period that is over and known. Ahead: the forecast of the periods that end after tonight.
-- A project has run a year once twelve months without the month of completion are over; its first year is no year.
{% import 'macros/month.sql' as months %}
with
setting as (
    select cast(max(case when setting = 'report_months' then value end) as integer) as report_months
    from policy.project_setting
),

project as (
    select
        project_id,
        client_id,
        coalesce(cod_forecast, cod_contract) as cod_on
    from features.project_state
    where stage = 'operation' and coalesce(coalesce(cod_forecast, cod_contract) <= $business_date, true)
),

period as (
    select * from features_project.period
),

newest as (
    select
        project_id,
        max(period_end) as actual_on,
        max(month_no) as actual_month_no,
        max(rhythm_months) as rhythm_months
    from period
    where kind = 'actual'
    group by project_id
),

-- the P50 of a period may stand beside what it brought, or in the base case
planned as (
    select
        project_id,
        month_no,
        max(output_p50) as output_p50
    from period
    where kind = 'base_case'
    group by project_id, month_no
),

behind as (
    select
        period.project_id,
        count(*) * max(period.rhythm_months) as known_months,
        case when count(period.cfads) = count(*) then sum(period.cfads) end as cfads,
        case when count(period.debt_service) = count(*) then sum(period.debt_service) end as debt_service,
        case when count(period.output) = count(*) then sum(period.output) end as output,
        case
            when count(coalesce(period.output_p50, planned.output_p50)) = count(*)
                then sum(coalesce(period.output_p50, planned.output_p50))
        end as output_p50
    from period
    inner join newest on period.project_id = newest.project_id and period.month_no > newest.actual_month_no - 12
    left join planned on period.project_id = planned.project_id and period.month_no = planned.month_no
    where period.kind = 'actual'
    group by period.project_id
),

-- whose output has a P50 at all: an availability payment has none
planned_output as (
    select project_id
    from period
    group by project_id
    having count(output) > 0 or count(output_p50) > 0
),

to_come as (
    select
        *,
        min(month_no) over (partition by project_id) as first_month_no
    from period
    where kind = 'forecast' and period_end > $business_date
),

ahead as (
    select
        project_id,
        count(*) * max(rhythm_months) as known_months,
        max(period_end) as ahead_to,
        case when count(cfads) = count(*) then sum(cfads) end as cfads,
        case when count(debt_service) = count(*) then sum(debt_service) end as debt_service
    from to_come
    where
        month_no < first_month_no - rhythm_months + 13
        and first_month_no - {{ months.number('$business_date') }} <= rhythm_months
    group by project_id
),

whole as (
    select
        project.project_id,
        project.client_id,
        project.cod_on,
        newest.actual_on,
        coalesce(
            {{ months.number('$business_date') }} - newest.actual_month_no
            <= newest.rhythm_months + setting.report_months,
            false
        ) as is_actual_current,
        coalesce(newest.actual_month_no - 12 >= {{ months.number('project.cod_on') }}, false) as is_year_over,
        project.cod_on is not null as is_completion_known,
        -- that a year is over is known also where its figures are late
        {{ months.number('$business_date') }} - {{ months.number('project.cod_on') }}
        > 12 + coalesce(newest.rhythm_months, 0) + setting.report_months as is_year_overdue,
        behind.known_months = 12 as is_year_known,
        behind.cfads,
        behind.debt_service,
        behind.output,
        behind.output_p50,
        planned_output.project_id is not null as has_planned_output,
        ahead.known_months = 12 as is_year_forecast,
        ahead.ahead_to,
        ahead.cfads as cfads_ahead,
        ahead.debt_service as debt_service_ahead
    from project
    cross join setting
    left join newest on project.project_id = newest.project_id
    left join behind on project.project_id = behind.project_id
    left join planned_output on project.project_id = planned_output.project_id
    left join ahead on project.project_id = ahead.project_id
),

cover as (
    select
        project_id,
        client_id,
        cod_on,
        actual_on,
        is_actual_current,
        case when is_completion_known then is_year_over or is_year_overdue end as has_run_a_year,
        has_planned_output,
        ahead_to,
        case when is_year_known and is_year_over and is_actual_current then cfads end as cfads_12m_amt,
        case when is_year_known and is_year_over and is_actual_current then debt_service end as debt_service_12m_amt,
        case when is_year_known and is_year_over and is_actual_current then cast(output as decimal(18, 4)) end
            as output_12m,
        case when is_year_known and is_year_over and is_actual_current then cast(output_p50 as decimal(18, 4)) end
            as output_p50_12m,
        case
            when is_year_known and is_year_over and is_actual_current
                then cast(100 * output / nullif(output_p50, 0) as decimal(18, 4))
        end as output_12m_pct,
        case when is_year_forecast then cfads_ahead end as cfads_next_12m_amt,
        case when is_year_forecast then debt_service_ahead end as debt_service_next_12m_amt
    from whole
)

select * from cover
