-- one row per company and each of its five largest customers and suppliers of the year: which share of it each is
-- A person behind a payment is not named, nor is who may be one, neither by name nor by a key that is made of it.
{% import 'macros/party.sql' as party_of %}
with
share as (
    select
        client_id,
        side,
        place,
        {{ party_of.told_key('party_id', 'party_client_id', 'is_masked') }} as party_id,
        party_client_id,
        case when is_masked then null else name end as name,
        amount_12m_amt,
        share_pct,
        is_concentrated
    from care_ecosystem_page.ecosystem_share
)

select * from share
