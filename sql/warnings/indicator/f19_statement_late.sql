-- one row per client whose accounts were due by the business date: F19, days that the oldest of them are late
-- Later accounts that came stand for those that never did.
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'F19'
),

company as (
    select * from staging.client
    where not is_natural_person
),

due as (
    select * from staging.report_due
    where kind = 'statement' and due_on <= $business_date
),

report_table as (
    select is_supplied
    from night.supplied
    where table_name = 'report_due'
),

receipt_column as (
    select count(*) as columns
    from night.supplied_column
    where table_name = 'report_due' and column_name = 'received_on'
),

received as (
    select
        client_id,
        max(due_on) as last_due_on
    from due
    where received_on is not null
    group by client_id
),

waiting as (
    select
        due.client_id,
        min(due.due_on) as due_on
    from due
    left join received on due.client_id = received.client_id
    where due.received_on is null and coalesce(due.due_on > received.last_due_on, true)
    group by due.client_id
),

concerned as (
    select client_id from due
    union
    select company.client_id
    from company
    cross join report_table
    where not report_table.is_supplied
),

measured as (
    select
        concerned.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        receipt_column.columns > 0 as is_assessed,
        case
            when receipt_column.columns > 0 then coalesce(date_diff('day', waiting.due_on, $business_date), 0)
        end as value,
        cast(null as decimal(18, 4)) as baseline,
        cast(null as decimal(18, 4)) as second_value,
        $business_date as data_date,
        'report_due:' || concerned.client_id || '|statement|' || cast(waiting.due_on as varchar) as source_keys,
        waiting.due_on
    from concerned
    cross join receipt_column
    left join waiting on concerned.client_id = waiting.client_id
),

{{ indicator.judge(detail='measured.due_on') }}

select * from worst
