-- one row per client with something due in the window: P08, due days that money of other lenders had just paid for
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'P08'
),

setting as (
    select
        cast(max(case when setting = 'lender_cover_days' then value end) as integer) as cover_days,
        max(case when setting = 'lender_cover_pct' then value end) as cover_pct
    from policy.signal_setting
),

loan as (
    select * from features.loan_state
    where status <> 'closed'
),

span as (
    select * from features.client_span
),

due as (
    select
        loan.client_id,
        due.effective_due_date as due_on,
        sum(due.due_amt) as due_amt
    from features_loan.due as due
    inner join loan on due.loan_id = loan.loan_id
    cross join rule
    where
        due.due_amt > 0
        and due.effective_due_date <= $business_date
        and date_diff('day', due.effective_due_date, $business_date) < rule.window_days
    group by loan.client_id, due.effective_due_date
),

lent as (
    select
        due.client_id,
        due.due_on,
        due.due_amt,
        coalesce(sum(flow.lender_inflow_amt), 0) as lent_amt
    from due
    cross join setting
    left join features.client_flow_day as flow
        on
            due.client_id = flow.client_id
            and flow.lender_inflow_amt > 0
            and due.due_on >= flow.booked_on
            and due.due_on - setting.cover_days <= flow.booked_on
    group by due.client_id, due.due_on, due.due_amt
),

judged_day as (
    select
        lent.*,
        100 * lent.lent_amt >= setting.cover_pct * lent.due_amt as is_covered
    from lent
    cross join setting
),

counted as (
    select
        client_id,
        sum(case when is_covered then 1 else 0 end) as covered_count,
        count(*) as due_count,
        sum(case when is_covered then lent_amt end) as lent_amt,
        max(case when is_covered then due_on end) as last_due_on
    from judged_day
    group by client_id
),

-- without it own money and loans would count as flows of business
purpose_column as (
    select count(*) as is_supplied
    from night.supplied_column
    where table_name = 'txn' and column_name = 'purpose'
),

measured as (
    select
        counted.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        coalesce(span.covered_365d_days >= rule.min_days, false) and purpose_column.is_supplied > 0 as is_assessed,
        counted.covered_count as value,
        counted.due_count as baseline,
        counted.lent_amt as second_value,
        span.last_data_date as data_date,
        'client_flow_day:' || counted.client_id as source_keys,
        counted.last_due_on
    from counted
    cross join rule
    cross join purpose_column
    left join span on counted.client_id = span.client_id
),

{{ indicator.judge(amber_if='measured.is_assessed', event_on='measured.last_due_on', detail='measured.last_due_on') }}

select * from worst
