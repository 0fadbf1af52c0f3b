-- one row per client with an open loan: P03, the most days that interest is past due
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'P03'
),

loan as (
    select * from features.loan_state
    where status <> 'closed'
),

measured as (
    select
        client_id,
        loan_id,
        project_id,
        is_assessed and interest_days_past_due is not null as is_assessed,
        interest_days_past_due as value,
        cast(null as decimal(18, 4)) as baseline,
        overdue_amt as second_value,
        $business_date as data_date,
        'loan:' || loan_id as source_keys
    from loan
),

{{ indicator.judge(many=true) }}

select * from worst
