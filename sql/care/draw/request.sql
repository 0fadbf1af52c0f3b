-- one row per announced draw with what its loan and project are on the eve of it, and what would be drawn after it
with
request as (
    select * from staging.draw_request
),

loan as (
    select * from features.loan_state
),

terms as (
    select
        loan_id,
        available_until
    from source.loan
),

project as (
    select * from features.project_state
),

eve as (
    select
        request.request_id,
        request.loan_id,
        request.client_id,
        request.branch_id,
        request.project_id,
        request.amount_amt,
        request.wanted_on,
        request.payee_id,
        loan.status,
        loan.is_revolving,
        loan.limit_amt,
        loan.outstanding_amt,
        cast(
            case
                when not coalesce(loan.is_revolving, false) and loan.first_principal_on <= request.wanted_on then 0
                else loan.undrawn_amt
            end as decimal(18, 2)
        ) as undrawn_amt,
        loan.is_drawn_known,
        loan.due_in_full_on,
        loan.maturity_date,
        terms.available_until,
        project.stage,
        project.progress_date,
        project.physical_pct,
        project.equity_paid_pct,
        cast(
            100 * (project.drawn_amt + request.amount_amt) / nullif(project.debt_commit_amt, 0) as decimal(18, 4)
        ) as drawn_after_pct
    from request
    inner join loan on request.loan_id = loan.loan_id
    left join terms on request.loan_id = terms.loan_id
    left join project on request.project_id = project.project_id
)

select * from eve
