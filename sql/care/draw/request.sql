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

-- from its first instalment of principal on a term loan is drawn no more
repaying as (
    select
        instalment.loan_id,
        min(instalment.due_date) as repays_on
    from source.instalment as instalment
    inner join request on instalment.loan_id = request.loan_id
    where instalment.kind = 'principal'
    group by instalment.loan_id
),

drawn as (
    select distinct loan_id
    from source.disbursement
    where drawn_on <= $business_date
),

supplied as (
    select is_supplied as lists_drawings
    from night.supplied
    where table_name = 'disbursement'
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
                when not coalesce(loan.is_revolving, false) and repaying.repays_on <= request.wanted_on then 0
                else loan.undrawn_amt
            end as decimal(18, 2)
        ) as undrawn_amt,
        -- without its drawings the balance of a term loan does not tell what was drawn and paid back
        coalesce(loan.is_revolving, false)
        or drawn.loan_id is not null
        or coalesce(supplied.lists_drawings and loan.outstanding_amt = 0, false) as is_drawn_known,
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
    cross join supplied
    left join repaying on request.loan_id = repaying.loan_id
    left join drawn on request.loan_id = drawn.loan_id
    left join terms on request.loan_id = terms.loan_id
    left join project on request.project_id = project.project_id
)

select * from eve
