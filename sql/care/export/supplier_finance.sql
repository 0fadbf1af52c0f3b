-- one row per core client and supplier whose payable is worth financing: what of it could be, and what bounds that
with
finance as (
    select
        client_id,
        party_id,
        party_client_id,
        name,
        paid_12m_amt,
        payable_amt,
        line_amt,
        financed_amt,
        bound_by
    from care_ecosystem_page.ecosystem_finance
)

select * from finance
