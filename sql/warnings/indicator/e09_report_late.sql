-- one row per client whose ESG report was due by the business date: E09, days that the oldest of them is late
-- A later report that came stands for those that never did.
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'E09'
),

project as (
    select * from features.project_state
),

due as (
    select * from staging.report_due
    where kind = 'esg_report' and due_on <= $business_date
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
        coalesce(project_id, '') as report_of,
        max(due_on) as last_due_on
    from due
    where received_on is not null
    group by client_id, coalesce(project_id, '')
),

waiting as (
    select
        due.client_id,
        due.project_id,
        due.due_on,
        row_number() over (partition by due.client_id order by due.due_on asc, due.project_id asc) as place
    from due
    left join received
        on due.client_id = received.client_id and coalesce(due.project_id, '') = received.report_of
    where due.received_on is null and coalesce(due.due_on > received.last_due_on, true)
),

concerned as (
    select client_id from due
    union
    select project.client_id
    from project
    cross join report_table
    where not report_table.is_supplied
),

measured as (
    select
        concerned.client_id,
        cast(null as varchar) as loan_id,
        waiting.project_id,
        receipt_column.columns > 0 as is_assessed,
        case
            when receipt_column.columns > 0 then coalesce(date_diff('day', waiting.due_on, $business_date), 0)
        end as value,
        cast(null as decimal(18, 4)) as baseline,
        cast(null as decimal(18, 4)) as second_value,
        $business_date as data_date,
        'report_due:' || concerned.client_id || '|esg_report|' || cast(waiting.due_on as varchar) as source_keys,
        waiting.due_on
    from concerned
    cross join receipt_column
    left join waiting on concerned.client_id = waiting.client_id and waiting.place = 1
),

{{ indicator.judge(detail='measured.due_on') }}

select * from worst
