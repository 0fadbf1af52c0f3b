-- one row per report that a client owes or owed, as of the business date: what is received later is not received yet,
-- and where nobody records receipts, none is known to be missing
with
report_due as (
    select
        client_id,
        project_id,
        kind,
        due_on,
        case when received_on <= $business_date then received_on end as received_on
    from source.report_due
),

received_column as (
    select count(*) as columns
    from night.supplied_column
    where table_name = 'report_due' and column_name = 'received_on'
),

told as (
    select
        report_due.*,
        received_column.columns = 0 as is_receipt_unknown
    from report_due
    cross join received_column
)

select * from told
