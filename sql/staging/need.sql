-- one row per need of a client that was raised by the business date; closed later is still open, and what it was then
-- nobody knows
with
need as (
    select
        need_id,
        client_id,
        raised_on,
        kind,
        amount,
        price_amt,
        refinances_loan_id,
        take_out_kind,
        take_out_amt,
        take_out_on,
        by_when,
        coalesce(status, 'open') in ('open', 'offered') or coalesce(closed_on > $business_date, false) as is_open,
        case
            when closed_on > $business_date then 'open'
            else coalesce(status, 'open')
        end as status,
        case when closed_on <= $business_date then closed_on end as closed_on,
        case when closed_on > $business_date then null else lost_reason end as lost_reason
    from source.need
    where raised_on <= $business_date
)

select * from need
