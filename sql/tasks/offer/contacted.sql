-- one row per client that was spoken with, written to or invited within 30 days: how often
with
contacted as (
    select
        client_id,
        cast(count(*) as integer) as contacts_30d_count
    from tasks_contact.contact
    where date_diff('day', occurred_on, $business_date) between 0 and 29
    group by client_id
)

select * from contacted
