-- one row per client with principal due in the year: P06, how much of it was repaid out of a new loan of this bank
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'P06'
),

setting as (
    select max(case when setting = 'renewal_days' then value end) as renewal_days
    from policy.signal_setting
),

loan as (
    select * from features.loan_state
),

client as (
    select * from staging.client
),

late as (
    select distinct client_id
    from loan
    where days_past_due > 0 and status <> 'closed'
),

-- a renewal that qualifies is no repayment by new borrowing, as for the five classes
new_loan as (
    select
        loan.loan_id,
        loan.client_id,
        loan.product,
        loan.start_date,
        loan.refinances_loan_id,
        greatest(loan.outstanding_amt, coalesce(loan.limit_amt, 0)) as amount,
        client.segment is null as is_kind_unknown
    from loan
    inner join client on loan.client_id = client.client_id
    cross join rule
    left join loan as repaid on loan.refinances_loan_id = repaid.loan_id
    left join late on loan.client_id = late.client_id
    left join policy.renewal as renewal
        on
            client.segment = renewal.segment
            and client.is_active
            and late.client_id is null
            and coalesce(coalesce(repaid.maturity_date, loan.start_date) < renewal.due_before, true)
    where date_diff('day', loan.start_date, $business_date) < rule.window_days and renewal.segment is null
),

due as (
    select
        due.loan_id,
        due.due_date,
        loan.client_id,
        loan.product,
        due.due_amt,
        due.paid_amt,
        due.last_paid_on,
        due.is_unconfirmed or (due.paid_amt > 0 and due.last_paid_on is null) as is_unknown
    from features_loan.due as due
    inner join loan on due.loan_id = loan.loan_id
    cross join rule
    where
        due.kind = 'principal'
        and due.due_amt > 0
        and due.effective_due_date <= $business_date
        and date_diff('day', due.effective_due_date, $business_date) < rule.window_days
),

-- of new loans that may have paid it the first one counts
matched as (
    select
        due.loan_id,
        due.due_date,
        due.client_id,
        due.paid_amt,
        new_loan.loan_id as new_loan_id,
        new_loan.amount,
        new_loan.is_kind_unknown,
        row_number() over (
            partition by due.loan_id, due.due_date
            order by new_loan.start_date asc, new_loan.loan_id asc
        ) as place
    from due
    cross join setting
    inner join new_loan
        on
            due.client_id = new_loan.client_id
            and due.loan_id <> new_loan.loan_id
            and (due.loan_id = new_loan.refinances_loan_id or due.product = new_loan.product)
            and abs(date_diff('day', due.last_paid_on, new_loan.start_date)) <= setting.renewal_days
    where due.paid_amt > 0
),

funded as (
    select
        client_id,
        new_loan_id,
        is_kind_unknown,
        least(sum(paid_amt), amount) as funded_amt
    from matched
    where place = 1
    group by client_id, new_loan_id, is_kind_unknown, amount
),

funded_sum as (
    select
        client_id,
        is_kind_unknown,
        sum(funded_amt) as funded_amt,
        min(new_loan_id) as new_loan_id
    from funded
    group by client_id, is_kind_unknown
),

due_sum as (
    select
        client_id,
        sum(due_amt) as due_amt,
        count(case when is_unknown then 1 end) as unknown_count
    from due
    group by client_id
),

measured as (
    select
        due_sum.client_id,
        funded_sum.new_loan_id as loan_id,
        cast(null as varchar) as project_id,
        due_sum.unknown_count = 0 and not coalesce(funded_sum.is_kind_unknown, false) as is_assessed,
        cast(100 * coalesce(funded_sum.funded_amt, 0) / nullif(due_sum.due_amt, 0) as decimal(18, 4)) as value,
        due_sum.due_amt as baseline,
        coalesce(funded_sum.funded_amt, 0) as second_value,
        $business_date as data_date,
        'loan:' || funded_sum.new_loan_id as source_keys
    from due_sum
    left join funded_sum on due_sum.client_id = funded_sum.client_id
),

{{ indicator.judge(amber_if='measured.is_assessed') }}

select * from worst
