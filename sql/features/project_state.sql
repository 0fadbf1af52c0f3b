-- one row per project, with its newest progress report, cash flow and draws known for the business date
with
project as (
    select * from source.project
    where coalesce(approved_on <= $business_date, true)
),

progress as (
    select
        *,
        row_number() over (partition by project_id order by as_of_date desc) as place
    from source.project_progress
    where as_of_date <= $business_date
),

cashflow as (
    select
        *,
        row_number() over (partition by project_id order by period_end desc) as place
    from source.project_cashflow
    where kind = 'actual' and period_end <= $business_date
),

loan as (
    select * from features.loan_state
),

drawn as (
    select
        borrowed.project_id,
        sum(cast(disbursement.amount * borrowed.rate as decimal(18, 2))) as disbursed_amt,
        max(disbursement.drawn_on) as last_drawn_on
    from source.disbursement as disbursement
    inner join staging.loan as borrowed on disbursement.loan_id = borrowed.loan_id
    where disbursement.drawn_on <= $business_date
    group by borrowed.project_id
),

lent as (
    select
        project_id,
        count(*) as loan_count,
        sum(outstanding_amt) as outstanding_amt,
        sum(limit_amt) as limit_amt,
        sum(ead_amt) as ead_amt,
        case when count(days_past_due) = count(*) or max(days_past_due) > 0 then max(days_past_due) end
            as max_days_past_due
    from loan
    where status <> 'closed' and project_id is not null
    group by project_id
),

-- no loan is a project's where no loan says whose it is
link_column as (
    select count(*) as is_supplied
    from night.supplied_column
    where table_name = 'loan' and column_name = 'project_id'
),

stated as (
    select
        project.project_id,
        project.client_id,
        project.branch_id,
        project.name,
        project.sector_code,
        project.country,
        project.stage,
        project.ep_category,
        project.cn_class,
        project.approved_on,
        project.budget_amt,
        project.contingency_amt,
        project.equity_commit_amt,
        project.debt_commit_amt,
        project.approved_amt,
        project.department,
        project.capital_ratio,
        project.cod_contract,
        project.cod_forecast,
        project.longstop_date,
        project.concession_end,
        progress.as_of_date as progress_date,
        progress.physical_pct,
        progress.planned_value,
        progress.earned_value,
        progress.actual_cost,
        progress.total_debt_amt,
        progress.drawn_amt,
        progress.equity_paid_amt,
        progress.change_order_amt,
        progress.contingency_used_amt,
        progress.certified_by,
        cast(progress.equity_paid_amt * 100 / nullif(project.equity_commit_amt, 0) as decimal(18, 4))
            as equity_paid_pct,
        cast(progress.drawn_amt * 100 / nullif(project.debt_commit_amt, 0) as decimal(18, 4)) as debt_drawn_pct,
        drawn.disbursed_amt,
        drawn.last_drawn_on,
        cashflow.period_end as cashflow_date,
        cashflow.cfads,
        cashflow.principal + cashflow.interest as debt_service,
        cashflow.dsra_balance,
        cashflow.dsra_required,
        case when link_column.is_supplied > 0 and lent.project_id is null then 0 else lent.loan_count end as loan_count,
        case when link_column.is_supplied > 0 and lent.project_id is null then 0 else lent.outstanding_amt end
            as outstanding_amt,
        case when link_column.is_supplied > 0 and lent.project_id is null then 0 else lent.limit_amt end as limit_amt,
        case when link_column.is_supplied > 0 and lent.project_id is null then 0 else lent.ead_amt end as ead_amt,
        case when link_column.is_supplied > 0 and lent.project_id is null then 0 else lent.max_days_past_due end
            as max_days_past_due
    from project
    cross join link_column
    left join progress on project.project_id = progress.project_id and progress.place = 1
    left join cashflow on project.project_id = cashflow.project_id and cashflow.place = 1
    left join drawn on project.project_id = drawn.project_id
    left join lent on project.project_id = lent.project_id
)

select * from stated
