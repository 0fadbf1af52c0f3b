-- one row per need of a client that was raised by the business date; closed later is still open
with
need as (
    select
        need_id,
        client_id,
        raised_on,
        kind,
        by_when,
        coalesce(status, 'open') in ('open', 'offered') or coalesce(closed_on > $business_date, false) as is_open
    from source.need
    where raised_on <= $business_date
)

select * from need
