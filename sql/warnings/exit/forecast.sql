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

-- forecasts are by quarter for the years ahead and by year after them: a period counts by its own length
to_come as (
    select
        project_id,
        period_end,
        month_no,
        cfads,
        debt_service,
        coalesce(months, rhythm_months) as months,
        min(month_no - coalesce(months, rhythm_months)) over (partition by project_id) as begin_no
    from features_project.period
    where kind = 'forecast' and period_end > $business_date
),

-- the period that runs is ahead as a whole; one that reaches beyond the horizon counts by its months up to there
within as (
    select
        to_come.*,
        to_come.begin_no + setting.horizon_months as end_no,
        greatest(
            least(to_come.begin_no + setting.horizon_months - to_come.month_no + to_come.months, to_come.months), 0
        ) as counted_months
    from to_come
    cross join setting
    where to_come.begin_no <= {{ months.number('$business_date') }}
),

ahead as (
    select
        project_id,
        max(month_no) >= max(end_no) as is_whole,
        max(case when counted_months > 0 then period_end end) as ahead_to,
        case
            when count(case when counted_months > 0 and cfads is null then 1 end) = 0
                then sum(cast(cfads * counted_months / nullif(months, 0) as decimal(18, 2)))
        end as cfads,
        case
            when count(case when counted_months > 0 and debt_service is null then 1 end) = 0
                then sum(cast(debt_service * counted_months / nullif(months, 0) as decimal(18, 2)))
        end as debt_service
    from within
    group by project_id
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
