-- one row per client that the credit bureau knows: P04, how much of its debt at all banks is over 90 days past due
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/month.sql' as months %}
with
rule as (
    select * from policy.indicator
    where indicator = 'P04'
),

report as (
    select
        *,
        row_number() over (partition by client_id order by month desc) as place
    from staging.bureau
),

newest as (
    select * from report
    where place = 1
),

bureau_table as (
    select coalesce(max(case when is_supplied then 1 else 0 end), 0) as is_supplied
    from night.supplied
    where table_name = 'bureau'
),

-- whom the bureau knows is not known without it: then any borrower
subject as (
    select client_id from newest
    union
    select loan.client_id
    from features.loan_state as loan
    cross join bureau_table
    where loan.status <> 'closed' and bureau_table.is_supplied = 0
),

-- a report ages from the end of its month
measured as (
    select
        subject.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        coalesce(
            date_diff('day', {{ months.first_day('newest.month', 1) }}, $business_date) < rule.window_days
            and newest.total_debt_amt is not null
            and newest.overdue_90_amt is not null,
            false
        ) as is_assessed,
        case
            when newest.overdue_90_amt = 0 then 0
            else cast(100 * newest.overdue_90_amt / nullif(newest.total_debt_amt, 0) as decimal(18, 4))
        end as value,
        newest.total_debt_amt as baseline,
        newest.overdue_90_amt as second_value,
        {{ months.first_day('newest.month', 1) }} - 1 as data_date,
        'bureau:' || subject.client_id || '|' || cast(newest.month as varchar) as source_keys
    from subject
    cross join rule
    left join newest on subject.client_id = newest.client_id
),

{{ indicator.judge(amber_if='measured.is_assessed', hard='measured.is_assessed and measured.value > rule.red_value') }}

select * from worst
