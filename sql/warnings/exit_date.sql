-- one row per client with a plan and dated thing that comes next: a covenant's test, a report, an instalment, a
-- maturity, a valuation, an insurance's end, the review of its stage; of a loan that is due in full, since when it is,
-- and since when interest on it is unpaid
-- A test is late no sooner than its result is due: with the first certificate due between its day and the next test's,
-- and where none is told, so many days after it as policy gives.
{% import 'macros/month.sql' as months %}
with
setting as (
    select cast(max(case when setting = 'test_result_days' then value end) as integer) as test_result_days
    from policy.exit_setting
),

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

-- where no test is announced, the next one is as far ahead as the others lie apart
tested as (
    select
        covenant_id,
        {{ months.number('test_date') }} as month_no,
        max(test_date) as last_on
    from staging.covenant_test
    group by covenant_id, {{ months.number('test_date') }}
),

rhythm as (
    select
        covenant_id,
        max(last_on) as last_on,
        max(month_no) as last_no,
        (max(month_no) - min(month_no)) // nullif(count(*) - 1, 0) as apart,
        count(*) as tests
    from tested
    group by covenant_id
),

expected as (
    select
        coalesce(project.client_id, loan.client_id) as client_id,
        'covenant_test_expected' as kind,
        coalesce(newest.name, newest.covenant_id) as subject,
        min(
            cast(
                {{ months.first_day_of('(rhythm.last_no + rhythm.apart + 1)') }}
                - interval '1' day as date
            )
        ) as on_date,
        min(
            cast(
                {{ months.first_day_of('(rhythm.last_no + 2 * rhythm.apart + 1)') }}
                - interval '1' day as date
            )
        ) as followed_on,
        cast(null as decimal(18, 2)) as amount_amt
    from rhythm
    inner join staging.covenant_test as newest
        on rhythm.covenant_id = newest.covenant_id and rhythm.last_on = newest.test_date
    left join project on newest.project_id = project.project_id
    left join loan on newest.loan_id = loan.loan_id
    left join source.covenant_test as announced
        on rhythm.covenant_id = announced.covenant_id and announced.test_date > $business_date
    where announced.covenant_id is null and rhythm.tests >= 2
    group by coalesce(project.client_id, loan.client_id), coalesce(newest.name, newest.covenant_id)
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
    where next_due_date is not null and due_in_full_on is null
),

maturity as (
    select
        client_id,
        'maturity' as kind,
        loan_id as subject,
        maturity_date as on_date,
        outstanding_amt as amount_amt
    from loan
    where maturity_date is not null and due_in_full_on is null
),

-- nothing of a called or matured loan comes later: its whole balance is due, the interest from its own day
due_in_full as (
    select
        client_id,
        case when due_in_full_on = accelerated_on then 'called' else 'matured' end as kind,
        loan_id as subject,
        due_in_full_on as on_date,
        outstanding_amt as amount_amt
    from loan
    where due_in_full_on is not null
),

unpaid_interest as (
    select
        client_id,
        'unpaid_interest' as kind,
        loan_id as subject,
        cast($business_date - interest_days_past_due * interval '1' day as date) as on_date,
        interest_overdue_amt as amount_amt
    from loan
    where due_in_full_on is not null and interest_days_past_due > 0
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
    select
        client_id,
        kind,
        subject,
        on_date,
        amount_amt
    from expected
    union all
    select * from report
    union all
    select * from instalment
    union all
    select * from maturity
    union all
    select * from due_in_full
    union all
    select * from unpaid_interest
    union all
    select * from valuation
    union all
    select * from insured
    union all
    select * from review
),

-- a certificate that was handed in without the test's result leaves its day as it was; one that is due once the next
-- test has been made is of that one
certified as (
    select
        expected.client_id,
        expected.kind,
        expected.subject,
        min(certificate.due_on) as due_on
    from expected
    inner join source.report_due as certificate
        on
            expected.client_id = certificate.client_id
            and expected.on_date <= certificate.due_on
            and expected.followed_on > certificate.due_on
    where certificate.kind = 'covenant_certificate'
    group by expected.client_id, expected.kind, expected.subject
),

due as (
    select
        every.*,
        case
            when every.kind in ('covenant_test', 'covenant_test_expected')
                then
                    coalesce(
                        certified.due_on,
                        cast(every.on_date + setting.test_result_days * interval '1' day as date)
                    )
            else every.on_date
        end as due_on
    from every
    cross join setting
    left join certified
        on
            every.client_id = certified.client_id
            and every.kind = certified.kind
            and every.subject = certified.subject
),

dated as (
    select
        $business_date as business_date,
        due.client_id,
        placed.branch_id,
        due.kind,
        due.subject,
        due.on_date,
        due.due_on,
        due.amount_amt,
        due.due_on <= $business_date as is_past
    from due
    inner join placed on due.client_id = placed.client_id
)

select * from dated
