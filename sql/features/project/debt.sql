-- one row per project: the debt that its cash flow has to repay, what it costs, and when the last of it falls due
-- Null where it is not known. The cash flow serves all lenders: the debt is what this bank lent, or what a report of
-- these days says in all, or what the forecast still repays, whichever is most.
with
setting as (
    select cast(max(case when setting = 'progress_days' then value end) as integer) as progress_days
    from policy.project_setting
),

project as (
    select * from features.project_state
),

loan as (
    select * from features.loan_state
    where status <> 'closed' and project_id is not null and coalesce(outstanding_amt <> 0, true)
),

lent as (
    select
        project_id,
        case when count(outstanding_amt) = count(*) then sum(outstanding_amt) end as outstanding_amt,
        max(maturity_date) as maturity_on,
        case when count(rate_pct) = count(*) then sum(cast(outstanding_amt as decimal(38, 2)) * rate_pct) end as cost
    from loan
    group by project_id
),

forecast as (
    select
        project_id,
        sum(principal) as principal_amt
    from features_project.period
    where kind = 'forecast' and period_end > $business_date
    group by project_id
),

debt as (
    select
        project.project_id,
        case
            when lent.project_id is null then project.outstanding_amt
            when lent.outstanding_amt is not null
                then greatest(
                    lent.outstanding_amt,
                    coalesce(forecast.principal_amt, 0),
                    case
                        when project.progress_date >= $business_date - setting.progress_days
                            then coalesce(project.total_debt_amt, 0)
                        else 0
                    end
                )
        end as debt_amt,
        cast(lent.cost / nullif(lent.outstanding_amt, 0) as decimal(18, 6)) as rate_pct,
        lent.maturity_on
    from project
    cross join setting
    left join lent on project.project_id = lent.project_id
    left join forecast on project.project_id = forecast.project_id
)

select * from debt
