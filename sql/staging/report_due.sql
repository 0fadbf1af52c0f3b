-- one row per report that a client owes or owed, as of the business date: what is received later is not received yet
with
report_due as (
    select
        client_id,
        project_id,
        kind,
        due_on,
        case when received_on <= $business_date then received_on end as received_on
    from source.report_due
)

select * from report_due
