-- one row per client with a plan and dated thing that comes next: a covenant's test, a report, an instalment, a
-- maturity, a valuation, an insurance's end, the review of its stage
with
placed as (
    select * from warnings_exit.placed
),

project as (
    select
        project_id,
        client_id
    from features.project_state
),

loan as (
    select * from features.loan_state
    where status <> 'closed' and coalesce(outstanding_amt > 0, true)
),

test as (
    select
        coalesce(project.client_id, loan.client_id) as client_id,
        'covenant_test' as kind,
        coalesce(covenant_test.name, covenant_test.covenant_id) as subject,
        min(covenant_test.test_date) as on_date,
        cast(null as decimal(18, 2)) as amount_amt
    from source.covenant_test as covenant_test
    left join project on covenant_test.project_id = project.project_id
    left join loan on covenant_test.loan_id = loan.loan_id
    where covenant_test.test_date > $business_date
    group by coalesce(project.client_id, loan.client_id), coalesce(covenant_test.name, covenant_test.covenant_id)
),

report as (
    select
        client_id,
        'report' as kind,
        kind as subject,
        min(due_on) as on_date,
        cast(null as decimal(18, 2)) as amount_amt
    from source.report_due
    where received_on is null
    group by client_id, kind
),

instalment as (
    select
        client_id,
        'instalment' as kind,
        loan_id as subject,
        next_due_date as on_date,
        next_due_amt as amount_amt
    from loan
    where next_due_date is not null
),

maturity as (
    select
        client_id,
        'maturity' as kind,
        loan_id as subject,
        maturity_date as on_date,
        outstanding_amt as amount_amt
    from loan
    where maturity_date is not null
),

valuation as (
    select
        client_id,
        'valuation' as kind,
        collateral_id as subject,
        revalue_by as on_date,
        value_amt as amount_amt
    from warnings.exit_collateral
    where revalue_by is not null
),

insured as (
    select
        project.client_id,
        'insurance' as kind,
        coalesce(insurance.kind, insurance.insurance_id) as subject,
        max(insurance.expires_on) as on_date,
        cast(null as decimal(18, 2)) as amount_amt
    from source.insurance as insurance
    inner join project on insurance.project_id = project.project_id
    group by project.client_id, coalesce(insurance.kind, insurance.insurance_id)
),

review as (
    select
        client_id,
        'watch_review' as kind,
        stage as subject,
        review_due as on_date,
        cast(null as decimal(18, 2)) as amount_amt
    from placed
),

every as (
    select * from test
    union all
    select * from report
    union all
    select * from instalment
    union all
    select * from maturity
    union all
    select * from valuation
    union all
    select * from insured
    union all
    select * from review
),

dated as (
    select
        $business_date as business_date,
        every.client_id,
        placed.branch_id,
        every.kind,
        every.subject,
        every.on_date,
        every.amount_amt,
        every.on_date <= $business_date as is_past
    from every
    inner join placed on every.client_id = placed.client_id
)

select * from dated
