-- one row: the newest date that any client's data is of; null where nobody has any
with
newest as (
    select max(last_data_date) as data_date
    from features.client_span
)

select * from newest
