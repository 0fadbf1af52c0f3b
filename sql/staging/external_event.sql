-- one row per event that was public by the business date, however often it was reported: the first report of it
with
external_event as (
    select
        event_id,
        client_id,
        kind,
        published_on,
        role,
        coalesce(event_key, event_id) as event_key
    from source.external_event
    where published_on <= $business_date
),

placed as (
    select
        external_event.*,
        row_number() over (partition by client_id, kind, event_key order by published_on, event_id) as place
    from external_event
),

first_report as (
    select
        event_id,
        client_id,
        kind,
        published_on,
        role
    from placed
    where place = 1
)

select * from first_report
