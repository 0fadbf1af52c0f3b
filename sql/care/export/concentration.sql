-- one row per company and each of its five largest customers and suppliers of the year: which share of it each is
-- A person behind a payment is not named.
with
share as (
    select
        client_id,
        side,
        place,
        party_id,
        party_client_id,
        case when kind = 'person' then null else name end as name,
        amount_12m_amt,
        share_pct,
        is_concentrated
    from care_ecosystem_page.ecosystem_share
)

select * from share
