-- one row per core client and supplier whose payable is worth financing: what of it could be, and what bounds that
-- Who may be a person is not named, neither by name nor by a key that is made of it.
{% import 'macros/party.sql' as party_of %}
with
finance as (
    select
        client_id,
        {{ party_of.told_key('party_id', 'party_client_id', 'is_masked') }} as party_id,
        party_client_id,
        case when is_masked then null else name end as name,
        paid_12m_amt,
        payable_amt,
        line_amt,
        financed_amt,
        bound_by
    from care_ecosystem_page.ecosystem_finance
)

select * from finance
