-- one row per client with a plan that has projects: what they are forecast to bring over the horizon, and the debt
-- service that goes with it to all lenders; null unless the forecast of every project covers the whole of it
{% import 'macros/month.sql' as months %}
with
setting as (
    select cast(max(case when setting = 'horizon_months' then value end) as integer) as horizon_months
    from policy.exit_setting
),

project as (
    select
        project.project_id,
        project.client_id
    from features.project_state as project
    inner join warnings_exit.placed as placed on project.client_id = placed.client_id
),

to_come as (
    select
        *,
        min(month_no) over (partition by project_id) as first_month_no
    from features_project.period
    where kind = 'forecast' and period_end > $business_date
),

ahead as (
    select
        to_come.project_id,
        count(*) * max(to_come.rhythm_months) >= max(setting.horizon_months) as is_whole,
        max(to_come.period_end) as ahead_to,
        case when count(to_come.cfads) = count(*) then sum(to_come.cfads) end as cfads,
        case when count(to_come.debt_service) = count(*) then sum(to_come.debt_service) end as debt_service
    from to_come
    cross join setting
    where
        to_come.month_no < to_come.first_month_no - to_come.rhythm_months + 1 + setting.horizon_months
        and to_come.first_month_no - {{ months.number('$business_date') }} <= to_come.rhythm_months
    group by to_come.project_id
),

paired as (
    select
        project.client_id,
        ahead.ahead_to,
        case when ahead.is_whole then ahead.cfads end as cfads,
        case when ahead.is_whole then ahead.debt_service end as debt_service
    from project
    left join ahead on project.project_id = ahead.project_id
),

forecast as (
    select
        client_id,
        min(ahead_to) as ahead_to,
        case when count(cfads) = count(*) then cast(sum(cfads) as decimal(38, 2)) end as cash_amt,
        case when count(debt_service) = count(*) then cast(sum(debt_service) as decimal(38, 2)) end as service_amt
    from paired
    group by client_id
)

select * from forecast
